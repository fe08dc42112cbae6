// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.targets.nvidia;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import kcc.mlir.ir.Operation;
import kcc.mlir.ir.Type;
import kcc.mlir.ir.Types;
import kcc.mlir.ir.Value;
import kcc.mlir.pass.KccPass;
import kcc.mlir.pass.PassContext;
import kcc.mlir.pass.PassInfo;
import kcc.mlir.pass.Statistic;
import kcc.targets.gpu.Keyword;
import kcc.targets.gpu.LlvmBuilder;

/// Conditional accesses to global memory, and those with a cache hint, become predicated PTX instructions.
///
/// ```mlir
/// %v = kcc.load_vector %p if %m else %o {alignment = 16 : i64} : !llvm.ptr<1> -> vector<4xf32>
/// ```
/// becomes, with the registers of `%o` tied to those of the result,
/// ```text
/// @%m ld.global.v4.b32 {%r0, %r1, %r2, %r3}, [%p];
/// ```
///
/// A branch would keep neighbouring loads from being in flight together, and LLVM has no predicated load for PTX. The
/// assembly is marked as having side effects, so its order among accesses to memory stays. An access wider than its
/// alignment or 16 bytes is split.
///
/// Requires: fragment level. Produces: no `kcc.load_vector`, `kcc.store_vector`.
public final class LowerMemoryToNvvmPass implements KccPass {
  public static final PassInfo INFO = new PassInfo("kcc-lower-memory-to-nvvm",
      "conditional accesses become predicated PTX instructions", Set.of("fragments"), Set.of("nvvm-memory"),
      List.of(new Statistic("loads", "instructions that load"), new Statistic("stores", "instructions that store")),
      List.of(), "gpu.func");

  private static final int WIDEST_BYTES = 16;

  @Override
  public PassInfo info() {
    return INFO;
  }

  @Override
  public void run(Operation function, PassContext context) {
    for (Operation op : function.find("kcc.load_vector")) {
      context.count("loads", load(op));
    }
    for (Operation op : function.find("kcc.store_vector")) {
      context.count("stores", store(op));
    }
  }

  private static int load(Operation op) {
    List<Long> segments = op.attribute("operandSegmentSizes").asLongs();
    Value predicate = segments.get(1) == 1 ? op.operand(1) : null;
    Value other = segments.get(2) == 1 ? op.operand(op.operandCount() - 1) : null;
    LlvmBuilder builder = LlvmBuilder.before(op);
    Access access = Access.of(op, op.result().type());
    List<Value> fallback = other == null ? List.of() : access.registers(builder, other);
    List<Value> registers = new ArrayList<>();
    for (int chunk = 0; chunk < access.chunks(); chunk++) {
      int first = chunk * access.registersPerChunk();
      List<Value> ties = predicate == null || other == null
          ? List.of() : fallback.subList(first, first + access.registersPerChunk());
      registers.addAll(loadChunk(builder, access, builder.byteOffset(op.operand(0), chunk * access.chunkBytes()), predicate,
          ties));
    }
    op.replaceWith(access.value(builder, registers));
    return access.chunks();
  }

  private static List<Value> loadChunk(LlvmBuilder builder, Access access, Value address, Value predicate, List<Value> ties) {
    int count = access.registersPerChunk();
    List<Value> operands = new ArrayList<>(List.of(address));
    StringBuilder constraints = new StringBuilder((access.constraint("=") + ",").repeat(count)).append('l');
    String guard = "";
    if (predicate != null) {
      operands.add(predicate);
      constraints.append(",b");
      guard = "@$" + (count + 1) + " ";
    }
    for (int i = 0; i < ties.size(); i++) {
      operands.add(ties.get(i));
      constraints.append(',').append(i);
    }
    String text = guard + access.mnemonic("ld") + " " + access.group(0) + ", [$" + count + "];";
    return builder.inlineAssembly(text, constraints.toString(), IntStream.range(0, count)
        .mapToObj(_ -> access.register(builder)).toList(), operands);
  }

  private static int store(Operation op) {
    Value predicate = op.operandCount() > 2 ? op.operand(2) : null;
    LlvmBuilder builder = LlvmBuilder.before(op);
    Access access = Access.of(op, op.operand(0).type());
    List<Value> registers = access.registers(builder, op.operand(0));
    int count = access.registersPerChunk();
    for (int chunk = 0; chunk < access.chunks(); chunk++) {
      List<Value> operands = new ArrayList<>(registers.subList(chunk * count, (chunk + 1) * count));
      Place place = Place.of(op.operand(1));
      operands.add(place.base());
      StringBuilder constraints = new StringBuilder((access.constraint("") + ",").repeat(count)).append('l');
      String guard = "";
      if (predicate != null) {
        operands.add(predicate);
        constraints.append(",b");
        guard = "@$" + (count + 1) + " ";
      }
      long bytes = place.bytes() + (long) chunk * access.chunkBytes();
      String address = "$" + count + (bytes == 0 ? "" : "+" + bytes);
      builder.inlineAssembly(guard + access.mnemonic("st") + " [" + address + "], " + access.group(0) + ";",
          constraints.toString(), List.of(), operands);
    }
    op.erase();
    return access.chunks();
  }

  /// An address as a register and a constant number of bytes behind it, which the instruction adds.
  private record Place(Value base, long bytes) {
    static Place of(Value address) {
      Operation moved = address.definingOp();
      if (moved == null || !moved.is("llvm.getelementptr") || moved.operandCount() != 1
          || moved.attribute("rawConstantIndices").asLongs().size() != 1 || !moved.attribute("elem_type").asType().isInteger(8)) {
        return new Place(address, 0);
      }
      long bytes = moved.attribute("rawConstantIndices").asLongs().getFirst();
      return bytes < 0 ? new Place(address, 0) : new Place(moved.operand(0), bytes);
    }
  }

  /// How a value is cut into instructions and registers.
  ///
  /// @param registerBytes 4, or less for what is smaller than a register
  private record Access(Type type, int totalBytes, int chunkBytes, int registerBytes, String hint) {

    static Access of(Operation op, Type type) {
      int elements = type.isVector() ? Math.toIntExact(kcc.mlir.ir.VectorType.of(type).elementCount()) : 1;
      int total = elements * type.elementOrSelf().bitWidth() / 8;
      int chunk = (int) Math.min(Math.min(WIDEST_BYTES, Integer.highestOneBit(total) == total ? total : Integer.lowestOneBit(total)),
          Long.lowestOneBit(op.attribute("alignment").asLong()));
      Value address = op.operand(op.is("kcc.load_vector") ? 0 : 1);
      boolean isShared = address.type().equals(Types.llvmPointer(op.context(), 3));
      return new Access(type, total, chunk, Math.min(4, chunk), isShared ? ".shared" : hint(Keyword.of(op, "cache", "default")));
    }

    /// PTX ISA, cache operators and eviction priorities of ld and st.
    private static String hint(String hint) {
      return switch (hint) {
        case "default" -> ".global";
        case "streaming" -> ".global.cs";
        case "l2_only" -> ".global.cg";
        case "evict_first" -> ".global.L1::evict_first";
        case "evict_last" -> ".global.L1::evict_last";
        case "volatile" -> ".volatile.global";
        default -> throw new IllegalStateException("cache hint " + hint);
      };
    }

    int chunks() {
      return totalBytes / chunkBytes;
    }

    int registersPerChunk() {
      return chunkBytes / registerBytes;
    }

    String mnemonic(String operation) {
      int count = registersPerChunk();
      return operation + hint + (count > 1 ? ".v" + count : "") + ".b" + 8 * registerBytes;
    }

    /// Bytes travel in 16-bit registers.
    Type register(LlvmBuilder builder) {
      return builder.i(registerBytes == 4 ? 32 : 16);
    }

    String constraint(String direction) {
      return direction + (registerBytes == 4 ? "r" : "h");
    }

    String group(int first) {
      int count = registersPerChunk();
      String names = IntStream.range(first, first + count).mapToObj(i -> "$" + i).collect(Collectors.joining(", "));
      return count > 1 ? "{" + names + "}" : names;
    }

    private Type registers(LlvmBuilder builder) {
      Type one = builder.i(8 * registerBytes);
      return totalBytes == registerBytes ? one : LlvmBuilder.vector(totalBytes / registerBytes, one);
    }

    List<Value> registers(LlvmBuilder builder, Value value) {
      List<Value> parts = builder.elements(builder.bitcast(value, registers(builder)));
      return registerBytes == 1 ? parts.stream().map(part -> builder.zeroExtend(part, builder.i(16))).toList() : parts;
    }

    Value value(LlvmBuilder builder, List<Value> registers) {
      List<Value> parts = registerBytes == 1
          ? registers.stream().map(part -> builder.truncate(part, builder.i(8))).toList() : registers;
      return builder.bitcast(builder.vectorOf(parts), type);
    }
  }
}
