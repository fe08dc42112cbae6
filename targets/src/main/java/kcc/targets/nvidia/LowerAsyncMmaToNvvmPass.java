// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.targets.nvidia;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import kcc.mlir.diag.Diagnostic;
import kcc.mlir.ir.OpBuilder;
import kcc.mlir.ir.Operation;
import kcc.mlir.ir.Type;
import kcc.mlir.ir.Types;
import kcc.mlir.ir.Value;
import kcc.mlir.pass.Analysis;
import kcc.mlir.pass.KccPass;
import kcc.mlir.pass.PassContext;
import kcc.mlir.pass.PassInfo;
import kcc.mlir.pass.Statistic;
import kcc.scheduler.machine.Machine;
import kcc.scheduler.machine.MatrixInstruction;
import kcc.scheduler.machine.NumericType;
import kcc.targets.gpu.LlvmBuilder;

/// Asynchronous products of warp groups become `wgmma` instructions.
///
/// ```mlir
/// %d:128 = kcc.async_mma "wgmma.m64n256k16.f32.f16" a(%a : !kcc.buffer<128x64xf16, swizzle = 128>) row %row
///     b(%b : !kcc.buffer<64x256xf16, swizzle = 128>) column 0 c(%c0, ... : f32, ...) {begins, commits}
/// %e:128 = kcc.mma_wait 1 %d#0, ...
/// ```
/// becomes
/// ```text
/// wgmma.fence.sync.aligned;
/// wgmma.mma_async.sync.aligned.m64n256k16.f32.f16.f16 {$0, ...}, %descriptor of a, %descriptor of b, 1, 1, 1, 0, 1;
/// ...                                                                                     // one for each 16 of the depth
/// wgmma.commit_group.sync.aligned;
/// ```
/// and `wgmma.wait_group.sync.aligned 1;`. Registers go through the assembly tied, so that nothing which needs a product
/// can come before the wait, and nothing touches a register in between: ptxas would let the products run one after the
/// other (C7513, C7514). [SharedDescriptor] has the descriptors, [GuardProductLoopsPass] what loops need.
///
/// Requires: fragment level, buffers as addresses (`kcc-lower-channels-to-nvvm`). Produces: no `kcc.async_mma`,
/// `kcc.mma_wait`, no buffers.
public final class LowerAsyncMmaToNvvmPass implements KccPass {
  public static final PassInfo INFO = new PassInfo("kcc-lower-async-mma-to-nvvm", "asynchronous products as wgmma instructions",
      Set.of("nvvm-channels"), Set.of("nvvm-async-mma"), List.of(new Statistic("instructions", "matrix instructions")),
      List.of(), "gpu.func");

  @Override
  public PassInfo info() {
    return INFO;
  }

  @Override
  public void run(Operation function, PassContext context) {
    switch (analyze(function, context.get(Machine.class))) {
      case Analysis.Plan(Work work) -> {
        for (WarpGroupProduct product : work.products) {
          new Instructions(product).rewrite();
          context.count("instructions", product.steps());
        }
        work.waits.forEach(LowerAsyncMmaToNvvmPass::await);
        for (Operation cast : function.find(LowerChannelsToNvvmPass.CAST).reversed()) {
          if (!cast.result(0).isUsed()) {
            cast.erase();
          }
        }
      }
      case Analysis.NotApplicable<Work> _ -> { }
      case Analysis.Illegal(Diagnostic diagnostic) -> context.fail(diagnostic);
    }
  }

  private record Work(List<WarpGroupProduct> products, List<Operation> waits) {}

  private static Analysis<Work> analyze(Operation function, Machine machine) {
    List<WarpGroupProduct> products = new ArrayList<>();
    for (Operation op : function.find("kcc.async_mma")) {
      switch (WarpGroupProduct.of(op, machine.isa())) {
        case WarpGroupProduct.Answer.Yes(WarpGroupProduct product) -> products.add(product);
        case WarpGroupProduct.Answer.No(String why) -> {
          return illegal(op, why);
        }
      }
      WarpGroupProduct product = products.getLast();
      if (!isAddress(product.b()) || product.aDescriptor() != null && !isAddress(product.a().getFirst())) {
        return illegal(op, "a factor is the buffer of no slot");
      }
    }
    List<Operation> waits = function.find("kcc.mma_wait");
    for (Operation op : waits) {
      String fault = PackedRegisters.fault(op.operands().stream().map(Value::type).toList());
      if (fault != null) {
        return illegal(op, fault);
      }
    }
    return products.isEmpty() && waits.isEmpty() ? new Analysis.NotApplicable<>("there are no asynchronous products")
        : new Analysis.Plan<>(new Work(products, waits));
  }

  private static boolean isAddress(Value buffer) {
    Operation cast = buffer.definingOp();
    return cast != null && cast.is(LowerChannelsToNvvmPass.CAST) && cast.operandCount() == 1 && cast.operand(0).type().isInteger(32);
  }

  private static <P> Analysis<P> illegal(Operation op, String text) {
    return new Analysis.Illegal<>(Diagnostic.error("KCC4352", op.location().toSource(), text));
  }

  private static void await(Operation op) {
    LlvmBuilder builder = LlvmBuilder.before(op);
    List<Value> values = op.operands();
    PackedRegisters packed = PackedRegisters.of(values);
    List<Value> done = builder.convergentAssembly("wgmma.wait_group.sync.aligned " + op.attribute("pending").asInt() + ";",
        tied(packed.constraints(), List.of()), packed.registers(builder), packed.pack(builder, values));
    op.replaceWith(packed.unpack(builder, done));
  }

  /// Results, the same registers as operands, and more operands.
  private static String tied(List<String> registers, List<String> more) {
    List<String> constraints = new ArrayList<>();
    registers.forEach(register -> constraints.add("=" + register));
    for (int i = 0; i < registers.size(); i++) {
      constraints.add(Integer.toString(i));
    }
    constraints.addAll(more);
    constraints.add("~{memory}");
    return String.join(",", constraints);
  }

  /// The instructions of one product.
  private static final class Instructions {
    private final WarpGroupProduct product;
    private final MatrixInstruction instruction;

    Instructions(WarpGroupProduct product) {
      this.product = product;
      this.instruction = product.instruction();
    }

    void rewrite() {
      OpBuilder arithmetic = OpBuilder.before(product.op());
      LlvmBuilder builder = new LlvmBuilder(arithmetic);
      PackedRegisters c = PackedRegisters.of(product.c());
      List<Value> operands = new ArrayList<>(product.beginsAtZero()
          ? c.registers(builder).stream().map(type -> builder.builder().create("llvm.mlir.poison").result(type).value()).toList()
          : c.pack(builder, product.c()));
      List<String> constraints = new ArrayList<>();
      int first = 2 * c.count();
      if (product.aDescriptor() == null) {
        List<Value> a = factor(builder, product.a());
        operands.addAll(a);
        constraints.addAll(Collections.nCopies(a.size(), "r"));
      } else {
        operands.add(descriptor(arithmetic, product.a().getFirst(), product.aDescriptor(), product.row()));
        constraints.add("l");
      }
      operands.add(descriptor(arithmetic, product.b(), product.bDescriptor(), null));
      constraints.add("l");
      List<Value> results = builder.convergentAssembly(text(c.count(), first, first + constraints.size() - 1),
          tied(c.constraints(), constraints), c.registers(builder), operands);
      product.op().replaceWith(c.unpack(builder, results));
    }

    /// The 32-bit registers of the first factor. That of tf32 products is rounded to nearest, because the instruction cuts it off.
    private List<Value> factor(LlvmBuilder builder, List<Value> elements) {
      return instruction.a() == NumericType.TF32
          ? elements.stream().map(element -> builder.intrinsic("llvm.nvvm.f2tf32.rna", builder.i(32), List.of(element))).toList()
          : PackedRegisters.of(elements).pack(builder, elements);
    }

    /// @param row of the buffer to begin with, null for the first one
    private static Value descriptor(OpBuilder builder, Value buffer, SharedDescriptor descriptor, Value row) {
      Type i32 = Types.i(builder.context(), 32);
      Type i64 = Types.i(builder.context(), 64);
      Value address = buffer.definingOp().operand(0);
      if (row != null) {
        Value moved = ChannelRing.binary(builder, "arith.muli", row, builder.constant(i32, descriptor.lineBytes()));
        address = ChannelRing.binary(builder, "arith.addi", address, moved);
      }
      Value masked = ChannelRing.binary(builder, "arith.andi", address, builder.constant(i32, SharedDescriptor.ADDRESS_MASK));
      Value units = ChannelRing.binary(builder, "arith.shrui", masked, builder.constant(i32, SharedDescriptor.ADDRESS_SHIFT));
      Value wide = builder.create("arith.extui").operand(units).result(i64).value();
      return ChannelRing.binary(builder, "arith.ori", wide, builder.constant(i64, descriptor.encoding()));
    }

    /// @param accumulators registers of C
    /// @param a            number of the first operand that is the first factor
    /// @param b            number of the operand that is the second one
    private String text(int accumulators, int a, int b) {
      StringBuilder text = new StringBuilder("{ .reg .b64 a, b; ");
      if (product.op().hasAttribute("begins")) {
        text.append("wgmma.fence.sync.aligned; ");
      }
      for (int step = 0; step < product.steps(); step++) {
        long depth = product.from() + (long) step * instruction.k();
        String left;
        if (product.aDescriptor() == null) {
          int registers = (b - a) / product.steps();
          left = group(a + step * registers, registers);
        } else {
          left = "a";
          add(text, "a", a, product.aDescriptor().start(0, depth));
        }
        add(text, "b", b, product.bDescriptor().start(product.column(), depth));
        text.append(mnemonic()).append(' ').append(group(0, accumulators)).append(", ").append(left)
            .append(step == 0 && product.beginsAtZero() ? ", b, 0" : ", b, 1").append(modifiers()).append("; ");
      }
      if (product.op().hasAttribute("commits")) {
        text.append("wgmma.commit_group.sync.aligned; ");
      }
      return text.append('}').toString();
    }

    private static void add(StringBuilder text, String register, int operand, long bytes) {
      text.append("add.s64 ").append(register).append(", $").append(operand).append(", ")
          .append(bytes >> SharedDescriptor.ADDRESS_SHIFT).append("; ");
    }

    private static String group(int first, int count) {
      return IntStream.range(first, first + count).mapToObj(i -> "$" + i).collect(Collectors.joining(", ", "{", "}"));
    }

    private String mnemonic() {
      return "wgmma.mma_async.sync.aligned.m" + instruction.m() + "n" + instruction.n() + "k" + instruction.k() + "."
          + type(instruction.accumulator()) + "." + type(instruction.a()) + "." + type(instruction.b());
    }

    private static String type(NumericType type) {
      return switch (type) {
        case F8E4M3 -> "e4m3";
        case F8E5M2 -> "e5m2";
        case I8 -> "s8";
        case U8 -> "u8";
        case I32 -> "s32";
        case F16, BF16, TF32, F32 -> type.text();
        case F64, F8E4M3FNUZ, F8E5M2FNUZ, F6E2M3, F6E3M2, F4E2M1 ->
            throw new IllegalStateException(type + " is no type of wgmma");
      };
    }

    /// Behind the predicate that says whether C is added: signs of the factors, which integers do not have, and whether 16-bit
    /// factors in shared memory are transposed.
    private String modifiers() {
      if (instruction.accumulator() == NumericType.I32) {
        return "";
      }
      if (instruction.a().bits() != 16) {
        return ", 1, 1";
      }
      String left = product.aDescriptor() == null ? "" : product.aDescriptor().isTransposed() ? ", 1" : ", 0";
      return ", 1, 1" + left + (product.bDescriptor().isTransposed() ? ", 1" : ", 0");
    }
  }
}
