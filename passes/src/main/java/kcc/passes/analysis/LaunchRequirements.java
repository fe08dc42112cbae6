// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.analysis;

import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import kcc.mlir.ir.Attribute;
import kcc.mlir.ir.Operation;

/// Bounds of a kernel's arguments that launchers check before they start it (`kcc.requires`).
///
/// ```text
///   "N <= 4096"     N is at most 4096          "M * N < 65536"     says nothing of one argument
/// ```
final class LaunchRequirements {
    private static final Pattern OF_ONE_ARGUMENT = Pattern.compile("([A-Za-z_]\\w*|-?\\d+) (<|<=|>|>=|==) ([A-Za-z_]\\w*|-?\\d+)");
    private static final IntegerRange ANY = IntegerRange.full(Long.SIZE);

    private final Map<String, IntegerRange> bounds = new HashMap<>();

    private LaunchRequirements() {}

    static LaunchRequirements of(Operation function) {
        LaunchRequirements requirements = new LaunchRequirements();
        Attribute texts = function.attribute("kcc.requires");
        if (texts != null) {
            for (Attribute text : texts.asList()) {
                requirements.add(text.asString());
            }
        }
        return requirements;
    }

    /// What is left of a range by the conditions on the argument of this name.
    IntegerRange narrow(String name, IntegerRange range) {
        IntegerRange bound = bounds.getOrDefault(name, ANY);
        long min = Math.max(range.min(), bound.min());
        long max = Math.min(range.max(), bound.max());
        // A kernel that can never be launched may assume anything; it is compiled as if the condition were not there.
        return min <= max ? new IntegerRange(min, max) : range;
    }

    private void add(String text) {
        Matcher matcher = OF_ONE_ARGUMENT.matcher(text);
        if (!matcher.matches() || isNumber(matcher.group(1)) == isNumber(matcher.group(3))) {
            return;
        }
        boolean isNameFirst = isNumber(matcher.group(3));
        String name = matcher.group(isNameFirst ? 1 : 3);
        long number = Long.parseLong(matcher.group(isNameFirst ? 3 : 1));
        String comparison = isNameFirst ? matcher.group(2) : exchanged(matcher.group(2));
        IntegerRange bound = switch (comparison) {
            case "<" -> number == Long.MIN_VALUE ? ANY : new IntegerRange(Long.MIN_VALUE, number - 1);
            case "<=" -> new IntegerRange(Long.MIN_VALUE, number);
            case ">" -> number == Long.MAX_VALUE ? ANY : new IntegerRange(number + 1, Long.MAX_VALUE);
            case ">=" -> new IntegerRange(number, Long.MAX_VALUE);
            default -> IntegerRange.of(number);
        };
        bounds.put(name, narrow(name, bound));
    }

    /// The same comparison with the sides exchanged.
    private static String exchanged(String comparison) {
        return comparison.replace('<', '?').replace('>', '<').replace('?', '>');
    }

    private static boolean isNumber(String text) {
        return Character.isDigit(text.charAt(text.length() - 1)) && (Character.isDigit(text.charAt(0)) || text.charAt(0) == '-');
    }
}
