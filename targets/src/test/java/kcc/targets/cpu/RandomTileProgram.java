// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.targets.cpu;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;

/// A random kernel on tiles of 8 x 8 integers, as IR and as something plain Java can carry out: elementwise chains,
/// reductions with broadcasts, transposes, products, scans, memory written and read again, and loops and branches in
/// each other that carry tiles and exchange them.
final class RandomTileProgram {
  static final int SIZE = 8;
  static final int TILE = SIZE * SIZE;
  private static final String TYPE = "tensor<8x8xi32>";
  private static final int INPUTS = 3;

  /// What one step does to the tiles by name.
  private interface Step extends Consumer<Map<String, int[]>> {}

  private final Random random;
  private final StringBuilder text = new StringBuilder();
  private int nextName;

  RandomTileProgram(long seed) {
    random = new Random(seed);
  }

  /// The kernel: inputs are the tiles at the start of `%x`, the result goes to `%z`, `%s` is scratch memory.
  record Generated(String text, List<Consumer<Map<String, int[]>>> steps, String result) {
    int[] carriedOut(int[] inputs) {
      Map<String, int[]> tiles = new HashMap<>();
      for (int i = 0; i < INPUTS; i++) {
        tiles.put("%in" + i, java.util.Arrays.copyOfRange(inputs, i * TILE, (i + 1) * TILE));
      }
      steps.forEach(step -> step.accept(tiles));
      return tiles.get(result);
    }
  }

  static int inputCount() {
    return INPUTS * TILE;
  }

  Generated generate() {
    text.append("""
        gpu.module @m {
          gpu.func @k(%x: !kcc.ptr<i32>, %s: !kcc.ptr<i32>, %z: !kcc.ptr<i32>) kernel {
            %c0 = arith.constant 0 : i64
            %c1 = arith.constant 1 : i64
            %c8 = arith.constant 8 : i64
            %c24 = arith.constant 24 : i64
            %xv = kcc.view %x, sizes [%c24, %c8], strides [%c8, %c1] : !kcc.ptr<i32> -> !kcc.view<24x8xi32>
            %sv = kcc.view %s, sizes [%c8, %c8], strides [%c8, %c1] : !kcc.ptr<i32> -> !kcc.view<8x8xi32>
            %zv = kcc.view %z, sizes [%c8, %c8], strides [%c8, %c1] : !kcc.ptr<i32> -> !kcc.view<8x8xi32>
        """);
    List<String> scope = new ArrayList<>();
    for (int i = 0; i < INPUTS; i++) {
      line("%%r%d = arith.constant %d : i64", i, i * SIZE);
      line("%%in%d = kcc.load_tile %%xv[%%r%d, %%c0] dims [0, 1] : !kcc.view<24x8xi32> -> %s", i, i, TYPE);
      scope.add("%in" + i);
    }
    List<Consumer<Map<String, int[]>>> steps = new ArrayList<>(body(scope, 10, 0));
    String result = scope.getLast();
    line("kcc.store_tile %s, %%zv[%%c0, %%c0] dims [0, 1] : %s, !kcc.view<8x8xi32>", result, TYPE);
    line("gpu.return");
    text.append("}\n}\n");
    return new Generated(text.toString(), steps, result);
  }

  private void line(String format, Object... arguments) {
    text.append("    ").append(format.formatted(arguments)).append('\n');
  }

  private String fresh() {
    return "%v" + nextName++;
  }

  private String any(List<String> scope) {
    // Newer tiles are more likely, so that chains get long.
    int back = Math.min(random.nextInt(scope.size()), random.nextInt(scope.size()));
    return scope.get(scope.size() - 1 - back);
  }

  private List<Step> body(List<String> scope, int length, int depth) {
    List<Step> steps = new ArrayList<>();
    for (int i = 0; i < length; i++) {
      int kind = random.nextInt(depth < 3 ? 12 : 8);
      steps.add(switch (kind) {
        case 0, 1, 2 -> elementwise(scope);
        case 3 -> reduction(scope);
        case 4 -> transpose(scope);
        case 5 -> product(scope);
        case 6 -> scan(scope);
        case 7 -> throughMemory(scope);
        case 8, 9, 10 -> loop(scope, depth);
        default -> branch(scope, depth);
      });
    }
    return steps;
  }

  private Step define(List<String> scope, String name, java.util.function.Function<Map<String, int[]>, int[]> value) {
    scope.add(name);
    return tiles -> tiles.put(name, value.apply(tiles));
  }

  private Step elementwise(List<String> scope) {
    String a = any(scope);
    String b = any(scope);
    String name = fresh();
    String operation = List.of("addi", "subi", "muli", "xori", "maxsi").get(random.nextInt(5));
    line("%s = arith.%s %s, %s : %s", name, operation, a, b, TYPE);
    return define(scope, name, tiles -> {
      int[] left = tiles.get(a);
      int[] right = tiles.get(b);
      int[] result = new int[TILE];
      for (int i = 0; i < TILE; i++) {
        result[i] = switch (operation) {
          case "addi" -> left[i] + right[i];
          case "subi" -> left[i] - right[i];
          case "muli" -> left[i] * right[i];
          case "xori" -> left[i] ^ right[i];
          default -> Math.max(left[i], right[i]);
        };
      }
      return result;
    });
  }

  private Step reduction(List<String> scope) {
    String a = any(scope);
    String name = fresh();
    int axis = random.nextInt(2);
    String flat = axis == 0 ? "1x8" : "8x1";
    line("%sz = arith.constant dense<0> : tensor<8xi32>", name);
    line("%sr = linalg.reduce ins(%s : %s) outs(%sz : tensor<8xi32>) dimensions = [%d]", name, a, TYPE, name, axis);
    line("  (%%in: i32, %%acc: i32) { %%sum = arith.addi %%in, %%acc : i32  linalg.yield %%sum : i32 }");
    line("%sf = kcc.reshape %sr : tensor<8xi32> -> tensor<%sxi32>", name, name, flat);
    line("%s = kcc.broadcast %sf : tensor<%sxi32> -> %s", name, name, flat, TYPE);
    return define(scope, name, tiles -> {
      int[] source = tiles.get(a);
      int[] result = new int[TILE];
      for (int i = 0; i < TILE; i++) {
        for (int k = 0; k < SIZE; k++) {
          result[i] += axis == 0 ? source[k * SIZE + i % SIZE] : source[i / SIZE * SIZE + k];
        }
      }
      return result;
    });
  }

  private Step transpose(List<String> scope) {
    String a = any(scope);
    String name = fresh();
    line("%se = tensor.empty() : %s", name, TYPE);
    line("%s = linalg.transpose ins(%s : %s) outs(%se : %s) permutation = [1, 0]", name, a, TYPE, name, TYPE);
    return define(scope, name, tiles -> {
      int[] result = new int[TILE];
      for (int i = 0; i < TILE; i++) {
        result[i] = tiles.get(a)[i % SIZE * SIZE + i / SIZE];
      }
      return result;
    });
  }

  private Step product(List<String> scope) {
    String a = any(scope);
    String b = any(scope);
    String c = any(scope);
    String name = fresh();
    line("%s = linalg.matmul ins(%s, %s : %s, %s) outs(%s : %s) -> %s", name, a, b, TYPE, TYPE, c, TYPE, TYPE);
    return define(scope, name, tiles -> {
      int[] result = tiles.get(c).clone();
      for (int i = 0; i < TILE; i++) {
        for (int k = 0; k < SIZE; k++) {
          result[i] += tiles.get(a)[i / SIZE * SIZE + k] * tiles.get(b)[k * SIZE + i % SIZE];
        }
      }
      return result;
    });
  }

  private Step scan(List<String> scope) {
    String a = any(scope);
    String name = fresh();
    int axis = random.nextInt(2);
    line("%s = kcc.scan %s attributes {axis = %d : i64} {", name, a, axis);
    line("^bb0(%%acc: i32, %%in: i32):");
    line("  %%sum = arith.addi %%acc, %%in : i32");
    line("  kcc.yield %%sum : i32");
    line("} : %s -> %s", TYPE, TYPE);
    return define(scope, name, tiles -> {
      int[] result = tiles.get(a).clone();
      for (int i = 0; i < TILE; i++) {
        boolean first = axis == 0 ? i < SIZE : i % SIZE == 0;
        result[i] += first ? 0 : result[axis == 0 ? i - SIZE : i - 1];
      }
      return result;
    });
  }

  private Step throughMemory(List<String> scope) {
    String a = any(scope);
    String name = fresh();
    line("kcc.store_tile %s, %%sv[%%c0, %%c0] dims [0, 1] : %s, !kcc.view<8x8xi32>", a, TYPE);
    line("%s = kcc.load_tile %%sv[%%c0, %%c0] dims [0, 1] : !kcc.view<8x8xi32> -> %s", name, TYPE);
    return define(scope, name, tiles -> tiles.get(a));
  }

  private Step loop(List<String> scope, int depth) {
    int carried = 1 + random.nextInt(3);
    int count = random.nextInt(4);
    String name = fresh();
    List<String> initial = new ArrayList<>();
    List<String> arguments = new ArrayList<>();
    List<String> entries = new ArrayList<>();
    for (int i = 0; i < carried; i++) {
      initial.add(any(scope));
      arguments.add(name + "a" + i);
      entries.add(arguments.get(i) + " = " + initial.get(i));
    }
    String types = String.join(", ", java.util.Collections.nCopies(carried, TYPE));
    line("%sn = arith.constant %d : i64", name, count);
    line("%s:%d = scf.for %si = %%c0 to %sn step %%c1 iter_args(%s) -> (%s) : i64 {",
        name, carried, name, name, String.join(", ", entries), types);
    List<String> inner = new ArrayList<>(scope);
    inner.addAll(arguments);
    List<Step> steps = body(inner, 1 + random.nextInt(4), depth + 1);
    List<String> next = new ArrayList<>();
    for (int i = 0; i < carried; i++) {
      // Often another carried tile as it is.
      next.add(random.nextInt(3) == 0 ? arguments.get(random.nextInt(carried)) : any(inner));
    }
    line("scf.yield %s : %s", String.join(", ", next), types);
    line("}");
    List<String> results = results(scope, name, carried);
    return tiles -> {
      Map<String, int[]> inside = new HashMap<>(tiles);
      for (int i = 0; i < carried; i++) {
        inside.put(arguments.get(i), tiles.get(initial.get(i)));
      }
      for (int iteration = 0; iteration < count; iteration++) {
        steps.forEach(step -> step.accept(inside));
        List<int[]> values = next.stream().map(inside::get).toList();
        for (int i = 0; i < carried; i++) {
          inside.put(arguments.get(i), values.get(i));
        }
      }
      for (int i = 0; i < carried; i++) {
        tiles.put(results.get(i), inside.get(arguments.get(i)));
      }
    };
  }

  private Step branch(List<String> scope, int depth) {
    String decides = any(scope);
    String name = fresh();
    int count = 1 + random.nextInt(2);
    String types = String.join(", ", java.util.Collections.nCopies(count, TYPE));
    line("%so = arith.constant dense<0> : tensor<i32>", name);
    line("%sr = linalg.reduce ins(%s : %s) outs(%so : tensor<i32>) dimensions = [0, 1]", name, decides, TYPE, name);
    line("  (%%in: i32, %%acc: i32) { %%sum = arith.addi %%in, %%acc : i32  linalg.yield %%sum : i32 }");
    line("%ss = tensor.extract %sr[] : tensor<i32>", name, name);
    line("%sc = arith.trunci %ss : i32 to i1", name, name);
    line("%s:%d = scf.if %sc -> (%s) {", name, count, name, types);
    List<String> thenScope = new ArrayList<>(scope);
    List<Step> thenSteps = body(thenScope, 1 + random.nextInt(3), depth + 1);
    List<String> thenResults = pick(thenScope, count, types);
    line("} else {");
    List<String> elseScope = new ArrayList<>(scope);
    List<Step> elseSteps = body(elseScope, random.nextInt(3), depth + 1);
    List<String> elseResults = pick(elseScope, count, types);
    line("}");
    List<String> results = results(scope, name, count);
    return tiles -> {
      int sum = 0;
      for (int element : tiles.get(decides)) {
        sum += element;
      }
      boolean odd = (sum & 1) != 0;
      Map<String, int[]> inside = new HashMap<>(tiles);
      (odd ? thenSteps : elseSteps).forEach(step -> step.accept(inside));
      for (int i = 0; i < count; i++) {
        tiles.put(results.get(i), inside.get((odd ? thenResults : elseResults).get(i)));
      }
    };
  }

  private List<String> pick(List<String> scope, int count, String types) {
    List<String> picked = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      picked.add(any(scope));
    }
    line("scf.yield %s : %s", String.join(", ", picked), types);
    return picked;
  }

  private static List<String> results(List<String> scope, String name, int count) {
    List<String> results = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      results.add(name + "#" + i);
    }
    scope.addAll(results);
    return results;
  }
}
