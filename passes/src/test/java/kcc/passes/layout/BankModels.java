// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.layout;

import java.util.List;

/// Bank models for tests; compilers read theirs from the description of an ISA.
final class BankModels {
    private BankModels() {}

    /// 32 banks of 4 bytes; 16-byte accesses in quarter warps.
    static final BankModel WARP32 = BankModel.uniform(32, 4, 32, 16);

    /// CDNA 3: 32 banks; loads of 16 bytes in eight lanes such as 0-3, 20-23, stores in eight neighbours.
    static final BankModel WAVE64 = new BankModel(4,
            List.of(new BankModel.Access(4, 32, List.of(1, 2, 4, 8, 16)), new BankModel.Access(8, 32, List.of(1, 2, 4, 8)),
                    new BankModel.Access(16, 32, List.of(1, 2, 20))),
            List.of(new BankModel.Access(4, 32, List.of(1, 2, 4, 8, 16)), new BankModel.Access(8, 32, List.of(1, 2, 4, 8)),
                    new BankModel.Access(16, 32, List.of(1, 2, 4))));

    /// CDNA 4: 64 banks; loads of 16 bytes in sixteen lanes such as 0-3, 12-15, 20-27.
    static final BankModel WAVE64_WIDE = new BankModel(4,
            List.of(new BankModel.Access(4, 64, List.of(1, 2, 4, 8, 16, 32)), new BankModel.Access(8, 64, List.of(1, 2, 4, 8, 16)),
                    new BankModel.Access(16, 64, List.of(1, 2, 12, 20))),
            List.of(new BankModel.Access(4, 64, List.of(1, 2, 4, 8, 16, 32)), new BankModel.Access(8, 64, List.of(1, 2, 4, 8, 16)),
                    new BankModel.Access(16, 64, List.of(1, 2, 4, 8))));
}
