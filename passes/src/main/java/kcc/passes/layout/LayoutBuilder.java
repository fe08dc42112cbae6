// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.layout;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Collects the bases of a [LinearLayout], the lowest bit of each input first.
///
/// The places of a distributed layout are always there, so that two layouts of one tile can be compared.
public final class LayoutBuilder {
    private final List<Dim> outputs;
    private final Map<String, List<Long>> bases = new LinkedHashMap<>();

    private LayoutBuilder(List<Dim> outputs) {
        this.outputs = outputs;
    }

    static LayoutBuilder ofTile(int... shape) {
        return new LayoutBuilder(tileDims(shape));
    }

    /// Adds a bit to an input: what it contributes to the coordinates.
    public LayoutBuilder basis(String input, int... coordinates) {
        return basis(input, pack(outputs, coordinates));
    }

    /// Adds a bit to an input by its packed output.
    public LayoutBuilder basis(String input, long packed) {
        bases.computeIfAbsent(input, _ -> new ArrayList<>()).add(packed);
        return this;
    }

    /// Adds the bits that walk along one dimension: `first, 2 * first, ...`, `count` of them.
    public LayoutBuilder walk(String input, int axis, int first, int count) {
        for (int i = 0; i < count; i++) {
            int[] coordinates = new int[outputs.size()];
            coordinates[axis] = first << i;
            basis(input, coordinates);
        }
        return this;
    }

    /// Makes sure that an input is there, with no bits unless some are added.
    public LayoutBuilder declare(String input) {
        bases.computeIfAbsent(input, _ -> new ArrayList<>());
        return this;
    }

    /// Adds bits that only make copies.
    public LayoutBuilder copies(String input, int count) {
        for (int i = 0; i < count; i++) {
            basis(input, 0L);
        }
        return this;
    }

    public LinearLayout build() {
        List<String> names = new ArrayList<>();
        if (!bases.containsKey(LinearLayout.OFFSET)) {
            names.addAll(LinearLayout.PLACES);
        }
        for (String name : bases.keySet()) {
            if (!names.contains(name)) {
                names.add(name);
            }
        }
        List<Dim> inputs = new ArrayList<>();
        for (String name : names) {
            inputs.add(new Dim(name, bases.getOrDefault(name, List.of()).size()));
        }
        long[] columns = new long[LinearLayout.bits(inputs)];
        for (int i = 0; i < inputs.size(); i++) {
            List<Long> own = bases.getOrDefault(names.get(i), List.of());
            for (int bit = 0; bit < own.size(); bit++) {
                columns[LinearLayout.shift(inputs, i) + bit] = own.get(bit);
            }
        }
        return new LinearLayout(inputs, outputs, new BitMatrix(LinearLayout.bits(outputs), columns));
    }

    static List<Dim> tileDims(int... shape) {
        List<Dim> dims = new ArrayList<>();
        for (int i = 0; i < shape.length; i++) {
            dims.add(Dim.ofSize(Dim.tile(i), shape[i]));
        }
        return dims;
    }

    static long pack(List<Dim> dims, int... coordinates) {
        if (coordinates.length != dims.size()) {
            throw new IllegalArgumentException(coordinates.length + " coordinates for a tile of rank " + dims.size());
        }
        long packed = 0;
        for (int i = 0; i < coordinates.length; i++) {
            Dim dim = dims.get(i);
            if (coordinates[i] < 0 || coordinates[i] >= dim.size()) {
                throw new IllegalArgumentException("coordinate " + coordinates[i] + " of '" + dim.name()
                        + "' is outside of the tile, whose size there is " + dim.size());
            }
            packed = packed << dim.bits() | coordinates[i];
        }
        return packed;
    }
}
