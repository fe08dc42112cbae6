// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.layout;

import static kcc.passes.layout.LinearLayout.BLOCK;
import static kcc.passes.layout.LinearLayout.LANE;
import static kcc.passes.layout.LinearLayout.PLACES;
import static kcc.passes.layout.LinearLayout.REGISTER;
import static kcc.passes.layout.LinearLayout.WARP;

import java.util.List;

/// For each place of one layout the place of another that holds the same element.
///
/// Where several places hold it, the nearest is taken: the own thread, else the own warp, else the own block.
final class SourceMap {
    private SourceMap() {}

    /// The map from the places of `to` to places of `from`.
    static LinearLayout of(LinearLayout from, LinearLayout to) {
        LinearLayout source = from.reorderInputs(PLACES);
        LinearLayout target = to.reorderInputs(PLACES);
        long[] columns = new long[target.inputBits()];
        Span[] reach = new Span[PLACES.size()];
        for (int free = 0; free < reach.length; free++) {
            reach[free] = Span.of(source.map().columns(0, lowBits(source, free)));
        }
        int column = 0;
        for (int place = 0; place < PLACES.size(); place++) {
            String name = nearestFirst(place);
            for (int bit = 0; bit < target.inputBits(name); bit++) {
                columns[column++] = nearest(source, reach, place, name, bit, target.basis(name, bit));
            }
        }
        return new LinearLayout(target.inputs(), source.inputs(), new BitMatrix(source.inputBits(), columns));
    }

    /// A place holding `element`, equal to bit `bit` of input `name` in all inputs farther than as few as possible.
    private static long nearest(LinearLayout source, Span[] reach, int place, String name, int bit, long element) {
        for (int free = 0; free < reach.length; free++) {
            boolean isKept = place > free && bit < source.inputBits(name);
            long kept = isKept ? source.input(name, 1L << bit) : 0;
            long rest = element ^ source.apply(kept);
            if (reach[free].contains(rest)) {
                return kept | reach[free].combination(rest);
            }
        }
        throw new IllegalArgumentException("the layout " + source + " does not hold the whole tile");
    }

    /// The packed bits of the inputs up to `free` steps away: registers, then lanes, warps, blocks.
    private static int lowBits(LinearLayout layout, int free) {
        int bits = 0;
        for (int place = 0; place <= free; place++) {
            bits += layout.inputBits(nearestFirst(place));
        }
        return bits;
    }

    private static String nearestFirst(int place) {
        return List.of(REGISTER, LANE, WARP, BLOCK).get(place);
    }
}
