// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.layout;

import java.util.ArrayList;
import java.util.List;

/// How the shared memory of a machine serves the lanes of one access; data, given by the description of the ISA.
///
/// Memory is cut into words of `bankBytes`, spread round robin over banks. An access is served in phases of some lanes
/// each; within a phase each bank delivers one word a turn, to as many lanes as want it.
///
/// The lanes of a phase are not always neighbours, but in all known tables they are the XOR combinations of some lane
/// numbers, and the other phases are translations of the first. So a phase is given by these numbers: `1, 2, 4` for eight
/// neighbours, `1, 2, 12, 20` for lanes 0-3, 12-15, 20-27.
///
/// @param bankBytes bytes of a word
/// @param loads ways of loading by increasing size of a lane's access
/// @param stores the same for stores
public record BankModel(int bankBytes, List<Access> loads, List<Access> stores) {
    /// @param bytes bytes of a lane
    /// @param banks number of banks that take part
    /// @param phase lane numbers whose combinations are served together
    public record Access(int bytes, int banks, List<Integer> phase) {
        public Access {
            Dim.log2(bytes, "bytes of an access");
            Dim.log2(banks, "number of banks");
            phase = List.copyOf(phase);
            if (Span.of(lanes(phase)).dimension() != phase.size()) {
                throw new IllegalArgumentException("lanes " + phase + " of a phase depend on each other");
            }
        }

        int phaseLanes() {
            return 1 << phase.size();
        }

        private static long[] lanes(List<Integer> phase) {
            long[] lanes = new long[phase.size()];
            for (int i = 0; i < lanes.length; i++) {
                lanes[i] = phase.get(i);
            }
            return lanes;
        }
    }

    public BankModel {
        Dim.log2(bankBytes, "bytes of a bank");
        loads = List.copyOf(loads);
        stores = List.copyOf(stores);
        requireIncreasing(loads);
        requireIncreasing(stores);
    }

    /// A memory that serves as many neighbouring lanes at once as can touch different banks.
    ///
    /// @param maxBytes bytes of a lane's largest access
    public static BankModel uniform(int banks, int bankBytes, int lanes, int maxBytes) {
        List<Access> accesses = new ArrayList<>();
        for (int bytes = bankBytes; bytes <= maxBytes; bytes *= 2) {
            List<Integer> phase = new ArrayList<>();
            for (int lane = 1; lane < Math.min(lanes, banks * bankBytes / bytes); lane *= 2) {
                phase.add(lane);
            }
            accesses.add(new Access(bytes, banks, phase));
        }
        return new BankModel(bankBytes, accesses, accesses);
    }

    /// The way an access of `bytes` a lane is served; smaller accesses are served as the smallest one listed.
    public Access load(int bytes) {
        return find(loads, bytes);
    }

    public Access store(int bytes) {
        return find(stores, bytes);
    }

    /// Bytes of the largest access of a lane.
    public int largestLoad() {
        return loads.getLast().bytes();
    }

    public int largestStore() {
        return stores.getLast().bytes();
    }

    private static Access find(List<Access> accesses, int bytes) {
        for (Access access : accesses) {
            if (access.bytes() >= bytes) {
                return access;
            }
        }
        throw new IllegalArgumentException("an access of " + bytes + " bytes is larger than the largest, "
                + accesses.getLast().bytes() + " bytes");
    }

    private static void requireIncreasing(List<Access> accesses) {
        if (accesses.isEmpty()) {
            throw new IllegalArgumentException("a bank model without accesses");
        }
        for (int i = 1; i < accesses.size(); i++) {
            if (accesses.get(i).bytes() <= accesses.get(i - 1).bytes()) {
                throw new IllegalArgumentException("accesses are listed by increasing bytes");
            }
        }
    }
}
