// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.targets.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import kcc.scheduler.machine.FragmentKind;
import kcc.scheduler.machine.MatrixInstruction;
import kcc.scheduler.machine.NumericType;
import kcc.targets.data.Machines;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Every type of matrix instruction of a warp group that a data file names can be emitted, with the first factor in shared
/// memory and in registers, and is what the assembler sees.
class WarpGroupInstructionsTest {
  private static final List<Integer> COLUMNS = List.of(8, 96, 256);
  private static final int ROW_BYTES = 128;
  private static final int THREADS = 128;

  enum Factors { BUFFERS, TRANSPOSED_BUFFERS, REGISTERS }

  static Stream<Arguments> instructions() {
    List<Arguments> all = new ArrayList<>();
    for (MatrixInstruction instruction : Machines.of("h100").isa().matrixInstructions()) {
      boolean isUsual = instruction.a() == NumericType.F16 && instruction.accumulator() == NumericType.F32;
      if (instruction.kind() == FragmentKind.WGMMA && COLUMNS.contains(instruction.n()) && (isUsual || instruction.n() != 96)) {
        all.add(Arguments.of(instruction.name(), Factors.BUFFERS));
        all.add(Arguments.of(instruction.name(), Factors.REGISTERS));
        if (instruction.a().bits() == 16 && instruction.n() > 8) {
          all.add(Arguments.of(instruction.name(), Factors.TRANSPOSED_BUFFERS));
        }
      }
    }
    return all.stream();
  }

  @ParameterizedTest
  @MethodSource("instructions")
  void assembles(String name, Factors factors) {
    MatrixInstruction instruction = Machines.of("h100").isa().matrixInstruction(name);
    Fragments.Result result = Fragments.compile("h100", kernel(instruction, factors));
    String ptx = result.texts().get("ptx");
    String mnemonic = "wgmma.mma_async.sync.aligned.m64n" + instruction.n() + "k" + instruction.k() + ".";
    assertEquals(ROW_BYTES / 32, ptx.split(java.util.regex.Pattern.quote(mnemonic), -1).length - 1, ptx);
    assertEquals(List.of(), result.warnings());
  }

  private static String kernel(MatrixInstruction instruction, Factors factors) {
    boolean isTransposed = factors == Factors.TRANSPOSED_BUFFERS;
    int depth = ROW_BYTES * 8 / instruction.a().bits();
    int columnBytes = instruction.n() * instruction.b().bits() / 8;
    String a = "!kcc.buffer<64x" + depth + "x" + type(instruction.a()) + ", swizzle = 128" + (isTransposed ? ", contiguous = 0>" : ">");
    String b = "!kcc.buffer<" + depth + "x" + instruction.n() + "x" + type(instruction.b()) + ", swizzle = "
        + (isTransposed ? Math.min(128, Integer.lowestOneBit(columnBytes)) + ">" : "128, contiguous = 0>");
    StringBuilder body = new StringBuilder();
    String left = "%a : !a";
    if (factors == Factors.REGISTERS) {
      left = loaded(body, "a", instruction.a(), instruction.m() * depth / THREADS);
    }
    int count = instruction.m() * instruction.n() / THREADS;
    String c = loaded(body, "c", instruction.accumulator(), count);
    String type = type(instruction.accumulator());
    String types = String.join(", ", Collections.nCopies(count, type));
    body.append("%d:").append(count).append(" = kcc.async_mma \"").append(instruction.name()).append("\" a(").append(left)
        .append(") b(%b : !b) column 0 c(").append(c).append(") {begins, commits} -> ").append(types).append('\n');
    body.append("%e:").append(count).append(" = kcc.mma_wait 0 ")
        .append(String.join(", ", java.util.stream.IntStream.range(0, count).mapToObj(i -> "%d#" + i).toList()))
        .append(" : ").append(types).append(" -> ").append(types).append('\n');
    for (int i = 0; i < count; i++) {
      body.append("%pe").append(i).append(" = llvm.getelementptr %y[").append(i).append("] : (!llvm.ptr<1>) -> !llvm.ptr<1>, ")
          .append(type).append("\nllvm.store %e#").append(i).append(", %pe").append(i).append(" : ").append(type)
          .append(", !llvm.ptr<1>\n");
    }
    return """
        !a = A_TYPE
        !b = B_TYPE
        !ring = !kcc.channel<1, [!a, !b]>
        gpu.module @m {
          gpu.func @m(%as: !llvm.ptr<1>, %cs: !llvm.ptr<1>, %y: !llvm.ptr<1>, %n: i32) kernel
              attributes {known_block_size = array<i32: 128, 1, 1>, kcc.shared_bytes = 81920 : i64} {
            %ring = kcc.channel producers 1 consumers 4 {kcc.shared_offset = 0 : i64, kcc.barriers_offset = 80896 : i64} : !ring
            %a, %b = kcc.get %ring[%n] : !ring -> !a, !b
        BODY
            gpu.return
          }
        }""".replace("A_TYPE", a).replace("B_TYPE", b).replace("BODY", body);
  }

  /// Values from memory in the syntax of operands: values, then types.
  private static String loaded(StringBuilder body, String name, NumericType number, int count) {
    String type = type(number);
    boolean isSmall = type.startsWith("f8");
    List<String> values = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      String value = "%" + name + i;
      body.append("%p").append(name).append(i).append(" = llvm.getelementptr %").append(name).append("s[").append(i)
          .append("] : (!llvm.ptr<1>) -> !llvm.ptr<1>, ").append(isSmall ? "i8" : type).append('\n');
      body.append(isSmall ? "%m" + name + i : value).append(" = llvm.load %p").append(name).append(i)
          .append(" : !llvm.ptr<1> -> ").append(isSmall ? "i8" : type).append('\n');
      if (isSmall) {
        body.append(value).append(" = arith.bitcast %m").append(name).append(i).append(" : i8 to ").append(type).append('\n');
      }
      values.add(value);
    }
    return String.join(", ", values) + " : " + String.join(", ", Collections.nCopies(count, type));
  }

  private static String type(NumericType number) {
    return switch (number) {
      case TF32 -> "f32";
      case F8E4M3 -> "f8E4M3FN";
      case F8E5M2 -> "f8E5M2";
      case F16, BF16, F32, I32 -> number.text();
      case I8, U8 -> "i8";
      case F64, F8E4M3FNUZ, F8E5M2FNUZ, F6E2M3, F6E3M2, F4E2M1 ->
          throw new IllegalArgumentException(number + " is no type of warp group instructions here");
    };
  }
}
