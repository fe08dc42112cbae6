// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.layout;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The text of the attribute `#kcc.layout<rank = 2, register = [[0, 1]], lane = [], warp = [], block = []>`.
///
/// There is one text for each layout: the places in this order, then other inputs in their own. The sizes of the tile
/// are not in the text but in the type that carries it.
final class LayoutText {
    private static final Pattern ENTRY = Pattern.compile("\\s*,\\s*([a-z]+)\\s*=\\s*");

    private final String text;
    private final int[] shape;
    private int at;

    private LayoutText(String text, int... shape) {
        this.text = text;
        this.shape = shape;
    }

    static String print(LinearLayout layout) {
        StringBuilder text = new StringBuilder("#kcc.layout<rank = ").append(layout.rank());
        boolean distributed = !layout.hasInput(LinearLayout.OFFSET);
        if (distributed) {
            for (String place : LinearLayout.PLACES.reversed()) {
                printBases(layout, place, text);
            }
        }
        for (Dim input : layout.inputs()) {
            if (!distributed || !LinearLayout.PLACES.contains(input.name())) {
                printBases(layout, input.name(), text);
            }
        }
        return text.append('>').toString();
    }

    private static void printBases(LinearLayout layout, String input, StringBuilder text) {
        text.append(", ").append(input).append(" = [");
        long[] bases = layout.bases(input);
        for (int i = 0; i < bases.length; i++) {
            text.append(i == 0 ? "[" : ", [");
            int[] coordinates = layout.unpack(bases[i]);
            for (int d = 0; d < coordinates.length; d++) {
                text.append(d == 0 ? "" : ", ").append(coordinates[d]);
            }
            text.append(']');
        }
        text.append(']');
    }

    static LinearLayout parse(String text, int... shape) {
        return new LayoutText(text, shape).layout();
    }

    private LinearLayout layout() {
        expect("#kcc.layout", "<", "rank", "=");
        int rank = number();
        if (rank != shape.length) {
            throw wrong("the layout has rank " + rank + ", the tile " + shape.length);
        }
        LayoutBuilder builder = LinearLayout.ofTile(shape);
        List<String> seen = new ArrayList<>();
        Matcher entry = ENTRY.matcher(text);
        while (entry.region(at, text.length()).lookingAt()) {
            String input = entry.group(1);
            if (seen.contains(input)) {
                throw wrong("input '" + input + "' is given twice");
            }
            seen.add(input);
            at = entry.end();
            bases(builder, input);
        }
        expect(">");
        skipSpace();
        if (at != text.length()) {
            throw wrong("text behind the layout");
        }
        return builder.build();
    }

    private void bases(LayoutBuilder builder, String input) {
        builder.declare(input);
        expect("[");
        while (!accept("]")) {
            expect("[");
            int[] coordinates = new int[shape.length];
            for (int d = 0; d < shape.length; d++) {
                if (d > 0) {
                    expect(",");
                }
                coordinates[d] = number();
            }
            expect("]");
            try {
                builder.basis(input, coordinates);
            } catch (IllegalArgumentException outside) {
                throw wrong(outside.getMessage());
            }
            if (!accept(",")) {
                expect("]");
                return;
            }
        }
    }

    private int number() {
        skipSpace();
        int from = at;
        while (at < text.length() && Character.isDigit(text.charAt(at))) {
            at++;
        }
        if (from == at || at - from > 9) {
            throw wrong("expected a number");
        }
        return Integer.parseInt(text.substring(from, at));
    }

    private boolean accept(String token) {
        skipSpace();
        if (!text.startsWith(token, at)) {
            return false;
        }
        at += token.length();
        return true;
    }

    private void expect(String... tokens) {
        for (String token : tokens) {
            if (!accept(token)) {
                throw wrong("expected '" + token + "'");
            }
        }
    }

    private void skipSpace() {
        while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
            at++;
        }
    }

    private IllegalArgumentException wrong(String what) {
        return new IllegalArgumentException("no layout: " + what + " at character " + at + " of '" + text + "'");
    }
}
