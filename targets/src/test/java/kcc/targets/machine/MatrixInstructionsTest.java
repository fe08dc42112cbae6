// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.targets.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonParser;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import kcc.scheduler.machine.FragmentKind;
import kcc.scheduler.machine.Machine;
import kcc.scheduler.machine.MatrixInstruction;
import kcc.scheduler.machine.NumericType;
import kcc.targets.data.Machines;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Every matrix instruction on registers that a data file names can be emitted and is what the assembler sees.
class MatrixInstructionsTest {
  static Stream<Arguments> instructions() {
    List<Arguments> all = new ArrayList<>();
    for (String chip : List.of("h100", "b200", "mi300", "mi355")) {
      for (MatrixInstruction instruction : Machines.of(chip).isa().matrixInstructions()) {
        if (instruction.kind() == FragmentKind.MMA || instruction.kind() == FragmentKind.MFMA) {
          all.add(Arguments.of(chip, instruction.name()));
        }
      }
    }
    return all.stream();
  }

  @ParameterizedTest
  @MethodSource("instructions")
  void assembles(String chip, String name) {
    Machine machine = Machines.of(chip);
    MatrixInstruction instruction = machine.isa().matrixInstruction(name);
    Fragments.Result result = Fragments.compile(chip, kernel(machine, instruction));
    String text = result.texts().getOrDefault("ptx", result.texts().get("asm"));
    String mnemonic = instruction.kind() == FragmentKind.MMA ? "mma.sync.aligned.m16n8k" + instruction.k() + ".row.col" : "v_mfma_";
    assertTrue(text.contains(mnemonic), text);
    assertEquals(1, text.split(mnemonic, -1).length - 1, "one instruction");
    assertEquals(0, JsonParser.parseString(result.image().strings().get("manifest")).getAsJsonObject().get("spillBytes").getAsInt());
  }

  /// Loads each lane's fragments from memory and stores D.
  private static String kernel(Machine machine, MatrixInstruction instruction) {
    int lanes = machine.warpSize();
    StringBuilder body = new StringBuilder();
    String a = fragment(body, "a", instruction.a(), instruction.m() * instruction.k() / lanes);
    String b = fragment(body, "b", instruction.b(), instruction.n() * instruction.k() / lanes);
    int elements = instruction.m() * instruction.n() / lanes;
    String type = type(instruction.accumulator());
    String c = fragment(body, "c", instruction.accumulator(), elements);
    body.append("%d:").append(elements).append(" = kcc.mma \"").append(instruction.name()).append("\" a(").append(a)
        .append(") b(").append(b).append(") c(").append(c).append(") -> ").append(String.join(", ", java.util.Collections.nCopies(elements, type)))
        .append('\n');
    for (int i = 0; i < elements; i++) {
      body.append("%pd").append(i).append(" = llvm.getelementptr %y[").append(i).append("] : (!llvm.ptr<1>) -> !llvm.ptr<1>, ")
          .append(type).append("\nllvm.store %d#").append(i).append(", %pd").append(i).append(" : ").append(type)
          .append(", !llvm.ptr<1>\n");
    }
    return """
        gpu.module @m {
          gpu.func @m(%x: !llvm.ptr<1>, %y: !llvm.ptr<1>) kernel attributes {known_block_size = array<i32: LANES, 1, 1>} {
        BODY
            gpu.return
          }
        }""".replace("BODY", body);
  }

  /// The operands in the syntax of `kcc.mma`: values, then types.
  private static String fragment(StringBuilder body, String name, NumericType number, int elements) {
    String type = type(number);
    boolean small = number.bits() == 8 && !type.equals("i8");
    List<String> values = new ArrayList<>();
    for (int i = 0; i < elements; i++) {
      String value = "%" + name + i;
      String memory = small ? "i8" : type;
      body.append("%p").append(name).append(i).append(" = llvm.getelementptr %x[").append(i).append("] : (!llvm.ptr<1>) -> !llvm.ptr<1>, ")
          .append(memory).append('\n').append(small ? value + "b" : value).append(" = llvm.load %p").append(name).append(i)
          .append(" : !llvm.ptr<1> -> ").append(memory).append('\n');
      if (small) {
        body.append(value).append(" = arith.bitcast ").append(value).append("b : i8 to ").append(type).append('\n');
      }
      values.add(value);
    }
    return String.join(", ", values) + " : " + String.join(", ", java.util.Collections.nCopies(elements, type));
  }

  private static String type(NumericType type) {
    return switch (type) {
      case F64, F32, F16, BF16, I32, I8 -> type.text();
      case U8 -> "i8";
      case TF32 -> "f32";
      case F8E4M3 -> "f8E4M3FN";
      case F8E5M2 -> "f8E5M2";
      case F8E4M3FNUZ -> "f8E4M3FNUZ";
      case F8E5M2FNUZ -> "f8E5M2FNUZ";
      case F6E2M3, F6E3M2, F4E2M1 -> throw new IllegalArgumentException(type.text());
    };
  }
}
