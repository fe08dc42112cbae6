// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.fragment;

import java.util.ArrayList;
import java.util.List;
import kcc.passes.layout.LinearLayout;
import kcc.passes.layout.Partner;

/// The comparisons of a bitonic sorting network (Batcher 1968), or the one step of a reversal.
///
/// Blocks of 2, 4, 8, ... are made sorted, each by comparing element i of a block with its mirror image, which is
/// `i ^ (size - 1)`, and then with its neighbours at half the block, a quarter, ... The smaller element always goes to the
/// smaller index, so no step has a direction.
///
/// Where only the first elements matter, blocks of as many are sorted, and of two such blocks the first elements are kept:
/// those of the comparison of one with the mirror image of the other.
///
/// @param steps   what is compared first, one step after another; for a whole network in any layout, all of it
/// @param blocks  blocks over several threads, which are merged in loops; null for none
/// @param leading elements of a row that matter, if not all: each thread keeps that many; else 0
/// @param offsets for each operand the byte of the scratch at which its elements begin
/// @param bytes   bytes of scratch in shared memory, 0 for none
record SortPlan(List<Partner> steps, ThreadBlocks blocks, int leading, List<Long> offsets, long bytes) {
    SortPlan {
        steps = List.copyOf(steps);
        offsets = List.copyOf(offsets);
    }

    /// Rows whose lowest index bits are registers and whose others are bits of the thread's number, in order: what is done
    /// for blocks of 2, 4, 8, ... threads differs in numbers only.
    ///
    /// @param firstBit  of the thread's number
    /// @param bits      of the thread's number that belong to a row
    /// @param laneBits  how many of those are bits of the lane
    /// @param reversal  what reverses a thread's elements: XORed with the number of the register
    /// @param tail      comparisons of a thread's elements, far ones first
    record ThreadBlocks(int firstBit, int bits, int laneBits, int reversal, List<Partner> tail) {
        ThreadBlocks {
            tail = List.copyOf(tail);
        }

        /// Null where elements lie otherwise, or too few threads share a row for a loop to be shorter.
        static ThreadBlocks of(LinearLayout layout, int axis) {
            int size = layout.shape()[axis];
            int inThread = 1;
            while (inThread < size && Partner.of(layout, axis, inThread).isInThread()) {
                inThread *= 2;
            }
            int lanes = layout.inputBits(LinearLayout.LANE);
            int threadBits = lanes + layout.inputBits(LinearLayout.WARP);
            int bits = Integer.numberOfTrailingZeros(size / inThread);
            int firstBit = -1;
            for (int bit = 0; bit < threadBits; bit++) {
                long basis = bit < lanes ? layout.basis(LinearLayout.LANE, bit) : layout.basis(LinearLayout.WARP, bit - lanes);
                int along = layout.unpack(basis)[axis];
                firstBit = along != 0 && firstBit < 0 ? bit : firstBit;
                int expected = firstBit < 0 || bit - firstBit >= bits ? 0 : inThread << bit - firstBit;
                if (along != expected) {
                    return null;
                }
            }
            for (long basis : layout.bases(LinearLayout.REGISTER)) {
                if (layout.unpack(basis)[axis] >= inThread) {
                    return null;
                }
            }
            if (bits < 2 || firstBit < 0 || firstBit + bits > threadBits) {
                return null;
            }
            List<Partner> tail = new ArrayList<>();
            for (int distance = inThread / 2; distance > 0; distance /= 2) {
                tail.add(Partner.of(layout, axis, distance));
            }
            return new ThreadBlocks(firstBit, bits, Math.clamp(lanes - firstBit, 0, bits),
                    Partner.of(layout, axis, inThread - 1).registers(), tail);
        }

        /// Elements of a row that a thread holds.
        int inThread() {
            return 1 << tail.size();
        }
    }

    /// @param isBitonic    whether only the last block is to be merged
    /// @param leading      elements of a row that matter
    /// @param elementBytes bytes of an element of each operand as it is sorted
    static SortPlan sort(Registers registers, int axis, boolean isBitonic, int leading, List<Integer> elementBytes) {
        LinearLayout layout = registers.layout();
        int size = layout.shape()[axis];
        ThreadBlocks blocks = isBitonic ? null : ThreadBlocks.of(layout, axis);
        boolean isSelection = blocks != null && leading <= blocks.inThread();
        int sorted = isSelection ? leading : blocks == null ? size : blocks.inThread();
        List<Integer> masks = new ArrayList<>();
        for (int block = isBitonic ? size : 2; block <= sorted && size > 1; block *= 2) {
            masks.add(isBitonic ? block / 2 : block - 1);
            addDistances(block / 4, masks);
        }
        for (int other = leading; isSelection && other < blocks.inThread(); other *= 2) {
            masks.add(other | leading - 1);
            addDistances(leading / 2, masks);
        }
        return of(registers, axis, masks, blocks, isSelection ? leading : 0, elementBytes);
    }

    private static void addDistances(int first, List<Integer> masks) {
        for (int distance = first; distance > 0; distance /= 2) {
            masks.add(distance);
        }
    }

    static SortPlan reversal(Registers registers, int axis, int elementBytes) {
        return of(registers, axis, List.of(registers.layout().shape()[axis] - 1), null, 0, List.of(elementBytes));
    }

    private static SortPlan of(Registers registers, int axis, List<Integer> masks, ThreadBlocks blocks, int leading,
            List<Integer> elementBytes) {
        LinearLayout layout = registers.layout();
        List<Partner> steps = new ArrayList<>();
        boolean throughMemory = blocks != null && blocks.bits() > blocks.laneBits();
        for (int mask : masks) {
            Partner step = Partner.of(layout, axis, mask);
            throughMemory |= step.warps() != 0;
            steps.add(step);
        }
        long threads = (long) layout.inputSize(LinearLayout.LANE) * layout.inputSize(LinearLayout.WARP);
        List<Long> offsets = new ArrayList<>();
        long bytes = 0;
        for (int each : elementBytes) {
            offsets.add(bytes);
            bytes += throughMemory ? threads * registers.distinct().size() * each + 15 & -16 : 0;
        }
        return new SortPlan(steps, blocks, leading, offsets, bytes);
    }

    ScratchNeed scratch() {
        return bytes == 0 ? null : new ScratchNeed(bytes, ScratchNeed.WIDEST);
    }
}
