// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.layout;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// A linear map over bits from named input dimensions to named output dimensions; immutable.
///
/// A distributed layout maps (block, warp, lane, register) to the coordinates of a tile; a shared memory layout maps an
/// offset. Each bit of an input has a basis: the output it contributes, and contributions are added by XOR.
///
/// ```text
///   #kcc.layout<rank = 2, register = [[0, 1]], lane = [[0, 2], [1, 0]], warp = [[2, 0]], block = []>
///   register 1, lane 3, warp 0  ->  (0, 1) ^ (0, 2) ^ (1, 0)  =  (1, 3)
/// ```
///
/// Dimensions are listed as in a shape: slowest first. A packed value is the row-major index over the listed sizes, so
/// the last dimension has the lowest bits; the packed output of a tile layout is the row-major number of the element.
///
/// A basis of zero, or one that depends on bases of lower inputs, means that several inputs hold the same element
/// ([#freeBits(String)]). An output no input reaches means that the element is held nowhere ([#isSurjective()]).
public final class LinearLayout {
    public static final String REGISTER = "register";
    public static final String LANE = "lane";
    public static final String WARP = "warp";
    public static final String BLOCK = "block";
    public static final String OFFSET = "offset";
    /// The inputs of a distributed layout, in packing order.
    public static final List<String> PLACES = List.of(BLOCK, WARP, LANE, REGISTER);

    private final List<Dim> inputs;
    private final List<Dim> outputs;
    private final BitMatrix map;

    LinearLayout(List<Dim> inputs, List<Dim> outputs, BitMatrix map) {
        this.inputs = List.copyOf(inputs);
        this.outputs = List.copyOf(outputs);
        this.map = map;
        requireDistinctNames(this.inputs, "input");
        requireDistinctNames(this.outputs, "output");
        if (bits(inputs) != map.columnCount() || bits(outputs) != map.rows()) {
            throw new IllegalArgumentException("a map of " + map.columnCount() + " to " + map.rows()
                    + " bits does not fit inputs " + inputs + " and outputs " + outputs);
        }
    }

    /// The map that keeps the bits of `input` as those of `output`.
    public static LinearLayout identity(String input, int bits, String output) {
        return new LinearLayout(List.of(new Dim(input, bits)), List.of(new Dim(output, bits)), BitMatrix.identity(bits));
    }

    /// The map `i -> i << shift`, whose output has `bits + shift` bits.
    public static LinearLayout strided(String input, int bits, String output, int shift) {
        long[] columns = new long[bits];
        for (int i = 0; i < bits; i++) {
            columns[i] = 1L << i + shift;
        }
        return new LinearLayout(List.of(new Dim(input, bits)), List.of(new Dim(output, bits + shift)),
                new BitMatrix(bits + shift, columns));
    }

    /// The map of all values of `input` to the only value of `output`: copies.
    public static LinearLayout zeros(String input, int bits, String output) {
        return new LinearLayout(List.of(new Dim(input, bits)), List.of(new Dim(output, 0)),
                new BitMatrix(0, new long[bits]));
    }

    /// A builder of a map to the coordinates `dim0, dim1, ...` of a tile.
    public static LayoutBuilder ofTile(int... shape) {
        return LayoutBuilder.ofTile(shape);
    }

    /// Reads `#kcc.layout<rank = ..., register = [...], ...>` as the layout of a tile of this shape.
    ///
    /// @throws IllegalArgumentException if the text is no layout or does not fit the shape
    public static LinearLayout parse(String text, int... shape) {
        return LayoutText.parse(text, shape);
    }

    public List<Dim> inputs() {
        return inputs;
    }

    public List<Dim> outputs() {
        return outputs;
    }

    /// The sizes of the outputs.
    public int[] shape() {
        int[] shape = new int[outputs.size()];
        for (int i = 0; i < shape.length; i++) {
            shape[i] = (int) outputs.get(i).size();
        }
        return shape;
    }

    public int rank() {
        return outputs.size();
    }

    BitMatrix map() {
        return map;
    }

    public int inputBits() {
        return map.columnCount();
    }

    public int outputBits() {
        return map.rows();
    }

    public boolean hasInput(String name) {
        return find(inputs, name) >= 0;
    }

    /// The number of bits of an input; 0 if there is no such input.
    public int inputBits(String name) {
        int index = find(inputs, name);
        return index < 0 ? 0 : inputs.get(index).bits();
    }

    public int inputSize(String name) {
        return 1 << inputBits(name);
    }

    public int outputBits(String name) {
        return outputs.get(require(outputs, name)).bits();
    }

    /// The number of elements each thread holds, copies included.
    public int registers() {
        return inputSize(REGISTER);
    }

    /// The packed input with `value` in one dimension and 0 in the others.
    public long input(String name, long value) {
        int index = find(inputs, name);
        int size = index < 0 ? 0 : inputs.get(index).bits();
        if (value >>> size != 0) {
            throw new IllegalArgumentException(value + " is no value of input '" + name + "', which has " + size + " bits");
        }
        return index < 0 ? 0 : value << shift(inputs, index);
    }

    /// The packed input of a distributed layout.
    public long place(int register, int lane, int warp, int block) {
        return input(REGISTER, register) | input(LANE, lane) | input(WARP, warp) | input(BLOCK, block);
    }

    /// The part of a packed input that belongs to one dimension.
    public int inputValue(String name, long packed) {
        return part(inputs, name, packed);
    }

    /// The part of a packed output that belongs to one dimension.
    public int outputValue(String name, long packed) {
        return part(outputs, name, packed);
    }

    /// The packed output of a packed input.
    public long apply(long packed) {
        return map.times(packed);
    }

    /// The coordinates of the element in this register, lane, warp and block.
    public int[] coordinates(int register, int lane, int warp, int block) {
        return unpack(apply(place(register, lane, warp, block)));
    }

    /// The coordinates of a packed output.
    public int[] unpack(long packed) {
        int[] coordinates = new int[outputs.size()];
        long rest = packed;
        for (int i = coordinates.length - 1; i >= 0; i--) {
            int size = outputs.get(i).bits();
            coordinates[i] = (int) (rest & (1L << size) - 1);
            rest >>>= size;
        }
        return coordinates;
    }

    /// The packed output of coordinates.
    public long pack(int... coordinates) {
        return LayoutBuilder.pack(outputs, coordinates);
    }

    /// The packed output that bit `bit` of an input contributes.
    public long basis(String name, int bit) {
        int index = require(inputs, name);
        if (bit < 0 || bit >= inputs.get(index).bits()) {
            throw new IllegalArgumentException("input '" + name + "' has no bit " + bit);
        }
        return map.column(shift(inputs, index) + bit);
    }

    /// The packed outputs of the bits of an input, lowest first; empty if there is no such input.
    public long[] bases(String name) {
        int index = find(inputs, name);
        if (index < 0) {
            return new long[0];
        }
        int from = shift(inputs, index);
        return map.columns(from, from + inputs.get(index).bits());
    }

    public boolean isInjective() {
        return map.rank() == map.columnCount();
    }

    public boolean isSurjective() {
        return map.rank() == map.rows();
    }

    public boolean isBijective() {
        return map.rows() == map.columnCount() && isInjective();
    }

    /// The bits of an input that only make copies: with all free bits of all inputs at 0 every element that is held
    /// anywhere is still held, exactly once. Registers are preferred to lanes, lanes to warps, low bits to high bits.
    public int freeBits(String name) {
        int index = find(inputs, name);
        if (index < 0) {
            return 0;
        }
        return (int) (map.dependentColumns() >>> shift(inputs, index) & inputs.get(index).size() - 1);
    }

    /// This layout beside another: dimensions of one name are joined, with the bits of `upper` above those of this.
    public LinearLayout times(LinearLayout upper) {
        List<Dim> joinedInputs = join(inputs, upper.inputs);
        List<Dim> joinedOutputs = join(outputs, upper.outputs);
        long[] columns = new long[bits(joinedInputs)];
        placeColumns(this, joinedInputs, joinedOutputs, columns, null);
        placeColumns(upper, joinedInputs, joinedOutputs, columns, this);
        return new LinearLayout(joinedInputs, joinedOutputs, new BitMatrix(bits(joinedOutputs), columns));
    }

    /// This layout followed by `outer`: `outer(this(x))`. The outputs of this are the inputs of `outer`, by name.
    public LinearLayout compose(LinearLayout outer) {
        LinearLayout inner = reorderOutputs(names(outer.inputs));
        if (!inner.outputs.equals(outer.inputs)) {
            throw new IllegalArgumentException("outputs " + inner.outputs + " are not the inputs " + outer.inputs);
        }
        return new LinearLayout(inputs, outer.outputs, outer.map.times(inner.map));
    }

    /// The inverse of a bijective layout.
    public LinearLayout invert() {
        if (!isBijective()) {
            throw new IllegalArgumentException("only a bijective layout has an inverse, not " + this);
        }
        return new LinearLayout(outputs, inputs, map.rightInverse());
    }

    /// For an injective layout: where each element is held; elements held nowhere get an arbitrary place.
    public LinearLayout leftInverse() {
        return new LinearLayout(outputs, inputs, map.leftInverse());
    }

    /// For a surjective layout: one of the places that hold an element, the one with all free bits at 0.
    public LinearLayout rightInverse() {
        return new LinearLayout(outputs, inputs, map.rightInverse());
    }

    /// The layout `q` with `this = lower.times(q)`, or null if there is none.
    public LinearLayout divideLeft(LinearLayout lower) {
        List<Dim> restInputs = new ArrayList<>();
        for (Dim input : inputs) {
            int rest = input.bits() - lower.inputBits(input.name());
            if (rest < 0) {
                return null;
            }
            restInputs.add(new Dim(input.name(), rest));
        }
        List<Dim> restOutputs = new ArrayList<>();
        for (Dim output : outputs) {
            int index = find(lower.outputs, output.name());
            int rest = output.bits() - (index < 0 ? 0 : lower.outputs.get(index).bits());
            if (rest < 0) {
                return null;
            }
            restOutputs.add(new Dim(output.name(), rest));
        }
        long[] columns = new long[bits(restInputs)];
        for (int i = 0; i < restInputs.size(); i++) {
            Dim rest = restInputs.get(i);
            int skipped = inputs.get(i).bits() - rest.bits();
            for (int bit = 0; bit < rest.bits(); bit++) {
                columns[shift(restInputs, i) + bit] = shiftDown(basis(rest.name(), skipped + bit), restOutputs);
            }
        }
        LinearLayout quotient = new LinearLayout(restInputs, restOutputs, new BitMatrix(bits(restOutputs), columns));
        LinearLayout product = lower.times(quotient);
        boolean divides = product.inputBits() == inputBits() && product.outputBits() == outputBits()
                && product.reorderInputs(names(inputs)).reorderOutputs(names(outputs)).equals(this);
        return divides ? quotient : null;
    }

    /// The same map with inputs listed in this order; inputs not yet there are added with no bits.
    public LinearLayout reorderInputs(List<String> order) {
        List<Dim> reordered = reorder(inputs, order);
        long[] columns = new long[inputBits()];
        for (int i = 0; i < reordered.size(); i++) {
            long[] bases = bases(reordered.get(i).name());
            System.arraycopy(bases, 0, columns, shift(reordered, i), bases.length);
        }
        return new LinearLayout(reordered, outputs, new BitMatrix(map.rows(), columns));
    }

    /// The same map with outputs listed in this order.
    public LinearLayout reorderOutputs(List<String> order) {
        List<Dim> reordered = reorder(outputs, order);
        if (reordered.equals(outputs)) {
            return this;
        }
        long[] columns = map.columns();
        for (int c = 0; c < columns.length; c++) {
            long moved = 0;
            for (int i = 0; i < reordered.size(); i++) {
                int index = find(outputs, reordered.get(i).name());
                if (index >= 0) {
                    moved |= (columns[c] >>> shift(outputs, index) & reordered.get(i).size() - 1) << shift(reordered, i);
                }
            }
            columns[c] = moved;
        }
        return new LinearLayout(inputs, reordered, new BitMatrix(map.rows(), columns));
    }

    /// The layout of the transposed tile: its dimension i is dimension `permutation[i]` of this one.
    public LinearLayout transpose(int... permutation) {
        List<String> order = new ArrayList<>();
        for (int index : permutation) {
            order.add(outputs.get(index).name());
        }
        return reorderOutputs(order).renameTile();
    }

    /// The layout of the tile seen in another shape with the same row-major order.
    public LinearLayout reshape(int... shape) {
        List<Dim> reshaped = LayoutBuilder.tileDims(shape);
        if (bits(reshaped) != outputBits()) {
            throw new IllegalArgumentException("a tile of shape " + Arrays.toString(shape()) + " has not the elements of one of "
                    + Arrays.toString(shape));
        }
        return new LinearLayout(inputs, reshaped, map);
    }

    /// The layout of the tile without dimension `axis`, whose coordinate is forgotten: holders of elements that differ
    /// only there now hold copies. This is the layout of a reduction's result.
    public LinearLayout slice(int axis) {
        List<Dim> rest = new ArrayList<>(squash(axis).outputs);
        rest.remove(axis);
        return new LinearLayout(inputs, rest, squash(axis).map).renameTile();
    }

    /// As [#slice(int)], but the dimension stays with size 1.
    public LinearLayout squash(int axis) {
        int low = shift(outputs, axis);
        int size = outputs.get(axis).bits();
        long[] columns = map.columns();
        for (int c = 0; c < columns.length; c++) {
            columns[c] = columns[c] & (1L << low) - 1 | columns[c] >>> low + size << low;
        }
        List<Dim> squashed = new ArrayList<>(outputs);
        squashed.set(axis, new Dim(outputs.get(axis).name(), 0));
        return new LinearLayout(inputs, squashed, new BitMatrix(map.rows() - size, columns));
    }

    /// The layout of the tile with a new dimension of size 1 before dimension `axis`.
    public LinearLayout expand(int axis) {
        List<Dim> expanded = new ArrayList<>(outputs);
        expanded.add(axis, new Dim("new", 0));
        return new LinearLayout(inputs, expanded, map).renameTile();
    }

    /// The layout of a larger or smaller tile made of this one. A larger tile is covered by more registers, the last
    /// dimension first. In a smaller tile the elements that are gone leave copies behind, in registers none at all.
    public LinearLayout resize(int... shape) {
        if (shape.length != rank()) {
            throw new IllegalArgumentException("a tile of rank " + rank() + " is not resized to rank " + shape.length);
        }
        LinearLayout resized = this;
        for (int axis = rank() - 1; axis >= 0; axis--) {
            Dim output = outputs.get(axis);
            int wanted = Dim.ofSize(output.name(), shape[axis]).bits();
            resized = wanted >= output.bits()
                    ? resized.times(identity(REGISTER, wanted - output.bits(), output.name()))
                    : resized.cut(axis, wanted);
        }
        return resized;
    }

    /// This layout without the free bits of an input: without the registers that hold copies, say.
    public LinearLayout dropFreeBits(String name) {
        return dropBits(name, freeBits(name));
    }

    /// This layout with fewer values of an input: those that have the chosen bits at 0.
    public LinearLayout dropBits(String name, int dropped) {
        int index = find(inputs, name);
        if (index < 0 || dropped == 0) {
            return this;
        }
        int from = shift(inputs, index);
        long[] columns = new long[inputBits() - Integer.bitCount(dropped)];
        int next = 0;
        for (int c = 0; c < inputBits(); c++) {
            boolean drop = c >= from && c < from + inputs.get(index).bits() && (dropped >>> c - from & 1) != 0;
            if (!drop) {
                columns[next++] = map.column(c);
            }
        }
        List<Dim> rest = new ArrayList<>(inputs);
        rest.set(index, new Dim(name, inputs.get(index).bits() - Integer.bitCount(dropped)));
        return new LinearLayout(rest, outputs, new BitMatrix(map.rows(), columns));
    }

    /// This layout with the bits of an input in another order: bit i of the result is bit `order[i]` of this.
    public LinearLayout permuteBits(String name, int... order) {
        int from = shift(inputs, require(inputs, name));
        long[] columns = map.columns();
        long seen = 0;
        for (int i = 0; i < order.length; i++) {
            columns[from + i] = basis(name, order[i]);
            seen |= 1L << order[i];
        }
        if (order.length != inputBits(name) || seen != (1L << order.length) - 1) {
            throw new IllegalArgumentException(Arrays.toString(order) + " is no order of the " + inputBits(name)
                    + " bits of input '" + name + "'");
        }
        return new LinearLayout(inputs, outputs, new BitMatrix(map.rows(), columns));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof LinearLayout that && inputs.equals(that.inputs) && outputs.equals(that.outputs)
                && map.equals(that.map);
    }

    @Override
    public int hashCode() {
        return 31 * (31 * inputs.hashCode() + outputs.hashCode()) + map.hashCode();
    }

    /// The text of the attribute `#kcc.layout`; inputs other than the four places are listed behind them.
    @Override
    public String toString() {
        return LayoutText.print(this);
    }

    private LinearLayout cut(int axis, int wanted) {
        int low = shift(outputs, axis);
        int size = outputs.get(axis).bits();
        List<Dim> fewer = new ArrayList<>(outputs);
        fewer.set(axis, new Dim(outputs.get(axis).name(), wanted));
        long[] columns = map.columns();
        int gone = 0;
        for (int c = 0; c < columns.length; c++) {
            boolean wasHeld = columns[c] != 0;
            long kept = columns[c] >>> low & (1L << wanted) - 1;
            columns[c] = columns[c] & (1L << low) - 1 | kept << low | columns[c] >>> low + size << low + wanted;
            int registerBit = c - (hasInput(REGISTER) ? shift(inputs, find(inputs, REGISTER)) : c);
            if (wasHeld && columns[c] == 0 && hasInput(REGISTER) && registerBit >= 0 && registerBit < inputBits(REGISTER)) {
                gone |= 1 << registerBit;
            }
        }
        return new LinearLayout(inputs, fewer, new BitMatrix(map.rows() - size + wanted, columns)).dropBits(REGISTER, gone);
    }

    private LinearLayout renameTile() {
        List<Dim> renamed = new ArrayList<>();
        for (int i = 0; i < outputs.size(); i++) {
            renamed.add(new Dim(Dim.tile(i), outputs.get(i).bits()));
        }
        return new LinearLayout(inputs, renamed, map);
    }

    /// The output with the low bits that `restOutputs` lacks shifted out of each dimension.
    private long shiftDown(long packed, List<Dim> restOutputs) {
        long moved = 0;
        for (int i = 0; i < outputs.size(); i++) {
            int lost = outputs.get(i).bits() - restOutputs.get(i).bits();
            long value = packed >>> shift(outputs, i) & outputs.get(i).size() - 1;
            moved |= value >>> lost << shift(restOutputs, i);
        }
        return moved;
    }

    private static void placeColumns(LinearLayout layout, List<Dim> inputs, List<Dim> outputs, long[] columns,
            LinearLayout below) {
        for (Dim input : layout.inputs) {
            int to = shift(inputs, find(inputs, input.name())) + (below == null ? 0 : below.inputBits(input.name()));
            for (int bit = 0; bit < input.bits(); bit++) {
                long packed = layout.basis(input.name(), bit);
                long moved = 0;
                for (Dim output : layout.outputs) {
                    int index = below == null ? -1 : find(below.outputs, output.name());
                    int above = index < 0 ? 0 : below.outputs.get(index).bits();
                    long value = layout.outputValue(output.name(), packed);
                    moved |= value << shift(outputs, find(outputs, output.name())) + above;
                }
                columns[to + bit] = moved;
            }
        }
    }

    private static List<Dim> join(List<Dim> lower, List<Dim> upper) {
        List<Dim> joined = new ArrayList<>();
        for (Dim dim : lower) {
            int index = find(upper, dim.name());
            joined.add(new Dim(dim.name(), dim.bits() + (index < 0 ? 0 : upper.get(index).bits())));
        }
        for (Dim dim : upper) {
            if (find(lower, dim.name()) < 0) {
                joined.add(dim);
            }
        }
        return joined;
    }

    private static List<Dim> reorder(List<Dim> dims, List<String> order) {
        List<Dim> reordered = new ArrayList<>();
        for (String name : order) {
            int index = find(dims, name);
            reordered.add(index < 0 ? new Dim(name, 0) : dims.get(index));
        }
        for (Dim dim : dims) {
            if (!order.contains(dim.name())) {
                throw new IllegalArgumentException("the order " + order + " misses dimension '" + dim.name() + "'");
            }
        }
        return reordered;
    }

    private static int part(List<Dim> dims, String name, long packed) {
        int index = find(dims, name);
        return index < 0 ? 0 : (int) (packed >>> shift(dims, index) & dims.get(index).size() - 1);
    }

    private static List<String> names(List<Dim> dims) {
        List<String> names = new ArrayList<>();
        for (Dim dim : dims) {
            names.add(dim.name());
        }
        return names;
    }

    static int bits(List<Dim> dims) {
        int bits = 0;
        for (Dim dim : dims) {
            bits += dim.bits();
        }
        return bits;
    }

    /// The lowest bit of a dimension in a packed value.
    static int shift(List<Dim> dims, int index) {
        return bits(dims.subList(index + 1, dims.size()));
    }

    static int find(List<Dim> dims, String name) {
        for (int i = 0; i < dims.size(); i++) {
            if (dims.get(i).name().equals(name)) {
                return i;
            }
        }
        return -1;
    }

    private static int require(List<Dim> dims, String name) {
        int index = find(dims, name);
        if (index < 0) {
            throw new IllegalArgumentException("there is no dimension '" + name + "' among " + names(dims));
        }
        return index;
    }

    private static void requireDistinctNames(List<Dim> dims, String side) {
        Set<String> names = new HashSet<>();
        for (Dim dim : dims) {
            if (!names.add(dim.name())) {
                throw new IllegalArgumentException("two " + side + " dimensions are called '" + dim.name() + "'");
            }
        }
    }
}
