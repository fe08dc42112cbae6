// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.layout;

import java.util.List;

/// A number computed from the lane and warp by XOR: `constant ^ lane bits ^ warp bits`.
///
/// @param lane what each bit of the lane number contributes
/// @param warp what each bit of the warp number contributes
public record ThreadMap(int constant, List<Integer> lane, List<Integer> warp) {
    public ThreadMap {
        lane = List.copyOf(lane);
        warp = List.copyOf(warp);
    }

    public int apply(int laneNumber, int warpNumber) {
        return constant ^ sum(lane, laneNumber) ^ sum(warp, warpNumber);
    }

    public boolean isConstant() {
        return isZero(lane) && isZero(warp);
    }

    /// Whether the number is that of the lane itself.
    public boolean isOwnLane() {
        return constant == 0 && isButterfly();
    }

    /// Whether the number is that of the lane with constant bits flipped: `lane ^ constant`.
    public boolean isButterfly() {
        for (int bit = 0; bit < lane.size(); bit++) {
            if (lane.get(bit) != 1 << bit) {
                return false;
            }
        }
        return isZero(warp);
    }

    private static int sum(List<Integer> contributions, int number) {
        int sum = 0;
        for (int rest = number; rest != 0; rest &= rest - 1) {
            sum ^= contributions.get(Integer.numberOfTrailingZeros(rest));
        }
        return sum;
    }

    private static boolean isZero(List<Integer> contributions) {
        for (int contribution : contributions) {
            if (contribution != 0) {
                return false;
            }
        }
        return true;
    }
}
