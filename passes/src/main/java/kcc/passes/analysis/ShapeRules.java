// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.analysis;

import java.util.ArrayList;
import java.util.List;
import kcc.passes.analysis.AxisFacts.Axis;

/// What operations that only move elements do to [AxisFacts].
final class ShapeRules {
    private ShapeRules() {}

    /// Dimensions of size 1 repeated up to the size of the result.
    static AxisFacts broadcast(AxisFacts source, List<Long> shape) {
        List<Axis> axes = new ArrayList<>();
        for (int i = 0; i < shape.size(); i++) {
            Axis axis = source.axis(i);
            long size = shape.get(i);
            axes.add(axis.size() == size ? axis : new Axis(size, 1, source.divisor(), size));
        }
        return new AxisFacts(axes, source.divisor(), source.range());
    }

    /// Dimension i of the result is dimension `permutation[i]` of the source.
    static AxisFacts transpose(AxisFacts source, List<Long> permutation) {
        List<Axis> axes = new ArrayList<>();
        for (long dimension : permutation) {
            axes.add(source.axis((int) dimension));
        }
        return new AxisFacts(axes, source.divisor(), source.range());
    }

    /// The same elements in row-major order under another shape. Adding and dropping sizes of 1 loses nothing; otherwise
    /// what is known along the fastest dimension holds along the new fastest one, in groups that lie within both.
    static AxisFacts reshape(AxisFacts source, List<Long> shape) {
        List<Axis> large = new ArrayList<>();
        for (Axis axis : source.axes()) {
            if (axis.size() != 1) {
                large.add(axis);
            }
        }
        List<Long> largeSizes = shape.stream().filter(size -> size != 1).toList();
        boolean onlyOnes = largeSizes.equals(large.stream().map(Axis::size).toList());
        List<Axis> axes = new ArrayList<>();
        int next = 0;
        for (long size : shape) {
            if (size == 1) {
                axes.add(new Axis(1, 1, source.divisor(), 1));
                continue;
            }
            boolean isFastest = next == largeSizes.size() - 1;
            if (onlyOnes) {
                axes.add(large.get(next));
            } else if (isFastest) {
                Axis fastest = large.getLast();
                long contiguity = Math.min(fastest.contiguity(), size);
                axes.add(new Axis(size, contiguity, fastest.divisibilityOf(contiguity), Math.min(fastest.constancy(), size)));
            } else {
                axes.add(new Axis(size, 1, source.divisor(), 1));
            }
            next++;
        }
        return new AxisFacts(axes, source.divisor(), source.range());
    }
}
