// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.fragment;

import static kcc.passes.layout.LinearLayout.LANE;
import static kcc.passes.layout.LinearLayout.WARP;

import java.util.ArrayList;
import java.util.List;
import kcc.passes.channel.BufferType;
import kcc.passes.layout.LinearLayout;
import kcc.passes.layout.SwizzledTile;
import kcc.passes.layout.Vectorization;

/// A tile that threads write into a buffer: which bytes each of them writes.
///
/// @param lane   what the set bits of a lane's number contribute to the byte in the buffer; contributions are combined by xor
/// @param warp   the same of a warp's number
/// @param stores of each thread
record FillPlan(List<Integer> lane, List<Integer> warp, List<Store> stores) {
    private static final int WIDEST_BYTES = 16;

    /// Neighbours that a thread writes at once.
    ///
    /// @param offset what the registers contribute to the byte
    record Store(int offset, List<Integer> registers) {
        Store {
            registers = List.copyOf(registers);
        }
    }

    FillPlan {
        lane = List.copyOf(lane);
        warp = List.copyOf(warp);
        stores = List.copyOf(stores);
    }

    static FillPlan of(Registers tile, BufferType buffer) {
        LinearLayout layout = tile.layout();
        SwizzledTile bytes = new SwizzledTile(buffer.shape().stream().mapToInt(Long::intValue).toArray(), buffer.contiguous(),
                buffer.elementBytes(), buffer.swizzle());
        Vectorization vectors = Vectorization.of(layout, layout.outputs().get(buffer.contiguous()).name(),
                WIDEST_BYTES / buffer.elementBytes());
        List<Store> stores = new ArrayList<>();
        for (int vector = 0; vector < vectors.vectors(); vector++) {
            List<Integer> registers = new ArrayList<>();
            for (int element = 0; element < vectors.width(); element++) {
                registers.add(vectors.register(vector, element));
            }
            if (tile.isOriginal(registers.getFirst())) {
                long place = layout.apply(layout.input(LinearLayout.REGISTER, registers.getFirst()));
                stores.add(new Store(bytes.offset(layout.unpack(place)), registers));
            }
        }
        return new FillPlan(offsets(layout, LANE, bytes), offsets(layout, WARP, bytes), stores);
    }

    private static List<Integer> offsets(LinearLayout layout, String place, SwizzledTile bytes) {
        List<Integer> offsets = new ArrayList<>();
        for (long basis : layout.bases(place)) {
            offsets.add(bytes.offset(layout.unpack(basis)));
        }
        return offsets;
    }

    /// The bits of the byte that depend on the thread.
    int threadMask() {
        int mask = 0;
        for (int bits : lane) {
            mask |= bits;
        }
        for (int bits : warp) {
            mask |= bits;
        }
        return mask;
    }
}
