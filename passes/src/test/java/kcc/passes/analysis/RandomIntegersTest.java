// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.analysis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import kcc.mlir.ir.MlirContext;
import kcc.mlir.ir.Operation;
import kcc.mlir.ir.OwnedModule;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Random programs on tiles of 4 x 16 integers, carried out for random arguments: every fact has to hold for the numbers.
class RandomIntegersTest {
    private static final int ROWS = 4;
    private static final int COLUMNS = 16;
    private static final int SIZE = ROWS * COLUMNS;
    private static final List<String> BINARY = List.of("addi", "addi", "addi", "subi", "muli", "divsi", "divui", "floordivsi", "ceildivsi",
            "remsi", "remui", "andi", "ori", "xori", "shli", "shrsi", "shrui", "minsi", "maxsi", "minui", "maxui");
    private static final List<String> PREDICATES = List.of("eq", "ne", "slt", "sle", "sgt", "sge", "ult", "ule", "ugt", "uge");

    /// One value of a program: how it is written and computed.
    private record Step(String text, boolean isCondition, Computation computation) {}

    private interface Computation {
        /// @return null where the operation is undefined or leaves the range the analysis may assume
        long[] apply(List<long[]> values, long[] arguments);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
    void factsHold(int seed) {
        Random random = new Random(seed);
        try (MlirContext context = MlirContext.create()) {
            for (int round = 0; round < 30; round++) {
                check(context, random, seed % 2 == 0 ? 32 : 64, "seed " + seed + " round " + round);
            }
        }
    }

    private void check(MlirContext context, Random random, int width, String which) {
        long[] divisors = new long[3];
        StringBuilder arguments = new StringBuilder();
        boolean[] isSize = new boolean[3];
        for (int i = 0; i < 3; i++) {
            divisors[i] = 1L << random.nextInt(6);
            isSize[i] = random.nextBoolean();
            arguments.append(i == 0 ? "" : ", ").append("%a").append(i).append(": i").append(width).append(" {kcc.divisibility = ")
                    .append(divisors[i]).append(" : i64").append(isSize[i] ? ", kcc.kind = \"size\"}" : "}");
        }
        List<Step> steps = program(random, width);
        StringBuilder body = new StringBuilder();
        for (int i = 0; i < 3; i++) {
            body.append("%s").append(i).append(" = tensor.splat %a").append(i).append(" : ").append(tile(width)).append('\n');
        }
        body.append("%columns = kcc.arange : tensor<16xi").append(width).append(">\n%row = kcc.reshape %columns : tensor<16xi")
                .append(width).append("> -> tensor<1x16xi").append(width).append(">\n%s3 = kcc.broadcast %row : tensor<1x16xi")
                .append(width).append("> -> ").append(tile(width)).append("\n%rows = kcc.arange : tensor<4xi").append(width)
                .append(">\n%column = kcc.reshape %rows : tensor<4xi").append(width).append("> -> tensor<4x1xi").append(width)
                .append(">\n%s4 = kcc.broadcast %column : tensor<4x1xi").append(width).append("> -> ").append(tile(width)).append('\n');
        for (int i = 5; i < steps.size(); i++) {
            body.append("%s").append(i).append(" = ").append(steps.get(i).text()).append('\n');
        }
        String text = "gpu.module @m {\ngpu.func @k(" + arguments + ") kernel {\n" + body + "gpu.return\n}\n}";
        try (OwnedModule module = context.parse(text, "random.mlir")) {
            Operation kernel = module.operation().find("gpu.func").getFirst();
            AxisAnalysis analysis = AxisAnalysis.of(kernel);
            List<AxisFacts> facts = new ArrayList<>();
            for (Operation op : kernel.region(0).first().operations()) {
                if (op.resultCount() == 1 && op.result().type().toString().startsWith("tensor<4x16xi")) {
                    facts.add(analysis.facts(op.result()));
                }
            }
            assertEquals(steps.size(), facts.size());
            for (int sample = 0; sample < 6; sample++) {
                run(steps, facts, arguments(random, divisors, isSize, width, sample), width, which + "\n" + text);
            }
        }
    }

    private static long[] arguments(Random random, long[] divisors, boolean[] isSize, int width, int sample) {
        long[] values = new long[3];
        for (int i = 0; i < 3; i++) {
            // Sizes are moderate, other arguments any number of the type: what wraps around has to be right too.
            long any = width == 32 ? random.nextInt() : random.nextLong();
            long value = sample % 2 == 0 ? random.nextInt(-100, 100) : any >> random.nextInt(width - 1);
            value = value / divisors[i] * divisors[i];
            values[i] = isSize[i] ? (value & Long.MAX_VALUE) % (width == 32 ? 1L << 31 : 1L << 20) / divisors[i] * divisors[i] : value;
        }
        return values;
    }

    private void run(List<Step> steps, List<AxisFacts> facts, long[] arguments, int width, String which) {
        List<long[]> values = new ArrayList<>();
        for (int i = 0; i < steps.size(); i++) {
            long[] value = steps.get(i).computation().apply(values, arguments);
            if (value == null) {
                return;
            }
            values.add(value);
            AxisFacts known = facts.get(i);
            verify(value, known, width, which);
            if (steps.get(i).isCondition()) {
                verify(filled(e -> -value[e]), IntegerRules.extend(known, 1, 64, true), 64, "extsi of " + which);
            } else if (width == 32) {
                verify(value, IntegerRules.extend(known, 32, 64, true), 64, "extsi of " + which);
                verify(filled(e -> unsigned(value[e], 32)), IntegerRules.extend(known, 32, 64, false), 64, "extui of " + which);
            } else {
                verify(filled(e -> wrap(value[e], 32)), IntegerRules.truncate(known, 32), 32, "trunci of " + which);
                verify(filled(e -> value[e] & 1), IntegerRules.truncate(known, 1), 1, "trunci to i1 of " + which);
            }
        }
    }

    private static void verify(long[] value, AxisFacts facts, int width, String where) {
        String which = facts + " of " + Arrays.toString(value) + "\n" + where;
        for (long element : value) {
            assertTrue((element & facts.divisor() - 1) == 0, () -> "divisor: " + which);
            assertTrue(facts.range().min() <= element && element <= facts.range().max(), () -> "range: " + which);
        }
        for (int axis = 0; axis < 2; axis++) {
            AxisFacts.Axis along = facts.axis(axis);
            int stride = axis == 0 ? COLUMNS : 1;
            for (int i = 0; i < SIZE; i++) {
                int place = axis == 0 ? i / COLUMNS : i % COLUMNS;
                int inGroup = place % (int) along.contiguity();
                assertTrue(inGroup == 0 ? (value[i] & along.divisibility() - 1) == 0 : value[i] == wrap(value[i - stride] + 1, width),
                        () -> "axis " + along + ": " + which);
                assertTrue(place % along.constancy() == 0 || value[i] == value[i - stride], () -> "axis " + along + ": " + which);
            }
        }
    }

    private static String tile(int width) {
        return "tensor<4x16xi" + width + ">";
    }

    private static List<Step> program(Random random, int width) {
        List<Step> steps = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            int argument = i;
            steps.add(new Step("", false, (_, arguments) -> filled(_ -> arguments[argument])));
        }
        steps.add(new Step("", false, (_, _) -> filled(i -> i % COLUMNS)));
        steps.add(new Step("", false, (_, _) -> filled(i -> i / COLUMNS)));
        int length = 8 + random.nextInt(16);
        while (steps.size() < length) {
            steps.add(step(random, steps, width));
        }
        return steps;
    }

    private static Step step(Random random, List<Step> steps, int width) {
        int x = pick(random, steps, false);
        int y = pick(random, steps, false);
        int condition = pick(random, steps, true);
        switch (random.nextInt(10)) {
            case 0 -> {
                long constant = random.nextInt(3) == 0 ? random.nextInt(-20, 40) : random.nextInt(8) == 0 ? -1 : 1L << random.nextInt(7);
                return new Step("arith.constant dense<" + constant + "> : " + tile(width), false, (_, _) -> filled(_ -> constant));
            }
            case 1, 2 -> {
                int code = random.nextInt(10);
                return new Step("arith.cmpi " + PREDICATES.get(code) + ", %s" + x + ", %s" + y + " : " + tile(width), true,
                        (values, _) -> filled(i -> compare(code, values.get(x)[i], values.get(y)[i]) ? 1 : 0));
            }
            case 3 -> {
                if (condition >= 0) {
                    return new Step("arith.select %s" + condition + ", %s" + x + ", %s" + y + " : tensor<4x16xi1>, " + tile(width), false,
                            (values, _) -> filled(i -> values.get(condition)[i] != 0 ? values.get(x)[i] : values.get(y)[i]));
                }
            }
            case 4 -> {
                if (condition >= 0) {
                    boolean isSigned = random.nextBoolean();
                    return new Step("arith.ext" + (isSigned ? "si" : "ui") + " %s" + condition + " : tensor<4x16xi1> to " + tile(width), false,
                            (values, _) -> filled(i -> isSigned ? -values.get(condition)[i] : values.get(condition)[i]));
                }
            }
            default -> {
            }
        }
        String name = BINARY.get(random.nextInt(BINARY.size()));
        return new Step("arith." + name + " %s" + x + ", %s" + y + " : " + tile(width), false, (values, _) -> {
            long[] result = new long[SIZE];
            for (int i = 0; i < SIZE; i++) {
                Long element = binary(name, values.get(x)[i], values.get(y)[i], width);
                if (element == null) {
                    return null;
                }
                result[i] = element;
            }
            return result;
        });
    }

    /// The last of the fitting steps are more interesting.
    private static int pick(Random random, List<Step> steps, boolean isCondition) {
        List<Integer> fitting = new ArrayList<>();
        for (int i = 0; i < steps.size(); i++) {
            if (steps.get(i).isCondition() == isCondition) {
                fitting.add(i);
            }
        }
        return fitting.isEmpty() ? -1 : fitting.get(Math.max(random.nextInt(fitting.size()), random.nextInt(fitting.size())));
    }

    private static Long binary(String name, long x, long y, int width) {
        boolean mayAssume = width == 64 && x >= 0 && y >= 0;
        return switch (name) {
            case "addi" -> mayAssume && x + y < 0 ? null : wrap(x + y, width);
            case "subi" -> wrap(x - y, width);
            case "muli" -> mayAssume && (Math.multiplyHigh(x, y) != 0 || x * y < 0) ? null : wrap(x * y, width);
            case "divsi" -> y == 0 || y == -1 && x == least(width) ? null : (Long) (x / y);
            case "floordivsi" -> y == 0 || y == -1 && x == least(width) ? null : (Long) Math.floorDiv(x, y);
            case "ceildivsi" -> y == 0 || y == -1 && x == least(width) ? null : (Long) Math.ceilDiv(x, y);
            case "divui" -> y == 0 ? null : wrap(Long.divideUnsigned(unsigned(x, width), unsigned(y, width)), width);
            case "remsi" -> y == 0 || y == -1 && x == least(width) ? null : (Long) (x % y);
            case "remui" -> y == 0 ? null : wrap(Long.remainderUnsigned(unsigned(x, width), unsigned(y, width)), width);
            case "andi" -> x & y;
            case "ori" -> x | y;
            case "xori" -> x ^ y;
            case "shli" -> y < 0 || y >= width || mayAssume && (y >= 62 || x << y >> y != x || x << y < 0) ? null : wrap(x << y, width);
            case "shrsi" -> y < 0 || y >= width ? null : (Long) (x >> y);
            case "shrui" -> y < 0 || y >= width ? null : wrap(unsigned(x, width) >>> y, width);
            case "minsi" -> Math.min(x, y);
            case "maxsi" -> Math.max(x, y);
            case "minui" -> Long.compareUnsigned(x, y) < 0 ? x : y;
            case "maxui" -> Long.compareUnsigned(x, y) < 0 ? y : x;
            default -> throw new IllegalArgumentException(name);
        };
    }

    private static boolean compare(int code, long x, long y) {
        int signed = Long.compare(x, y);
        int unsigned = Long.compareUnsigned(x, y);
        return switch (code) {
            case 0 -> signed == 0;
            case 1 -> signed != 0;
            case 2 -> signed < 0;
            case 3 -> signed <= 0;
            case 4 -> signed > 0;
            case 5 -> signed >= 0;
            case 6 -> unsigned < 0;
            case 7 -> unsigned <= 0;
            case 8 -> unsigned > 0;
            default -> unsigned >= 0;
        };
    }

    private static long wrap(long value, int width) {
        return width == 32 ? (int) value : value;
    }

    private static long unsigned(long value, int width) {
        return width == 32 ? value & 0xFFFFFFFFL : value;
    }

    private static long least(int width) {
        return width == 32 ? Integer.MIN_VALUE : Long.MIN_VALUE;
    }

    private interface Element {
        long at(int index);
    }

    private static long[] filled(Element element) {
        long[] values = new long[SIZE];
        for (int i = 0; i < SIZE; i++) {
            values[i] = element.at(i);
        }
        return values;
    }
}
