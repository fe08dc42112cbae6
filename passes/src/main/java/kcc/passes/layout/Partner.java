// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.layout;

/// Where the element with coordinate `c ^ mask` along an axis is, seen from the holder of the one with coordinate `c`:
/// a layout is linear, so this is the same change of register, lane and warp number for all elements.
///
/// ```text
///   register = [[1], [2]], lane = [[4], [8]]      mask 7: register ^ 3, lane ^ 1
/// ```
public record Partner(int mask, int registers, int lanes, int warps) {

    public static Partner of(LinearLayout layout, int axis, int mask) {
        int[] change = new int[layout.rank()];
        change[axis] = mask;
        LinearLayout places = layout.rightInverse();
        long place = places.apply(layout.pack(change));
        return new Partner(mask, places.outputValue(LinearLayout.REGISTER, place),
                places.outputValue(LinearLayout.LANE, place), places.outputValue(LinearLayout.WARP, place));
    }

    public boolean isInThread() {
        return lanes == 0 && warps == 0;
    }
}
