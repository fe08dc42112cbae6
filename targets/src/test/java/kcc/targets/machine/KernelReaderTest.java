// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.targets.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import kcc.mlir.ir.MlirContext;
import kcc.mlir.ir.Operation;
import kcc.mlir.ir.OwnedModule;
import kcc.passes.schedule.FunctionalUnit;
import kcc.passes.schedule.GroupedKernel;
import kcc.passes.schedule.KernelReader;
import kcc.scheduler.modulo.Node;
import kcc.scheduler.modulo.Order;
import kcc.scheduler.modulo.Problem;
import kcc.scheduler.modulo.ProblemCheck;
import kcc.scheduler.modulo.Value;
import kcc.targets.data.Machines;
import org.junit.jupiter.api.Test;

/// Loops of hand-written groups as problems of the scheduler, with the times of h100.
class KernelReaderTest {
  /// A ring of four slots with a 64 x 64 and a 64 x 8 tile; PRODUCER and CONSUMER are the bodies of the loops.
  private static final String KERNEL = """
      !a = !kcc.buffer<64x64xf16, swizzle = 128>
      !b = !kcc.buffer<64x8xf16, swizzle = 0, contiguous = 0>
      !ring = !kcc.channel<4, [!a, !b]>
      gpu.module @m {
        gpu.func @f(%x: !kcc.tensor_map, %y: !kcc.tensor_map, %p: !llvm.ptr<3>, %steps: i32) kernel
            attributes {kcc.num_warps = 1 : i32, kcc.shared_bytes = 40000 : i64} {
          %c = kcc.channel producers 1 consumers 4 {kcc.shared_offset = 0 : i64, kcc.barriers_offset = 36864 : i64} : !ring
          kcc.start @f_give(%x, %y, %p, %steps, %c) warps 4 registers 40 : !kcc.tensor_map, !kcc.tensor_map, !llvm.ptr<3>, i32, !ring
          kcc.start @f_take(%x, %y, %p, %steps, %c) warps 4 : !kcc.tensor_map, !kcc.tensor_map, !llvm.ptr<3>, i32, !ring
          gpu.return
        }
        gpu.func @f_give(%x: !kcc.tensor_map {kcc.of = "A"}, %y: !kcc.tensor_map {kcc.of = "B"}, %p: !llvm.ptr<3>, %steps: i32, %c: !ring)
            attributes {kcc.group, kcc.num_warps = 4 : i32} {
          %zero = arith.constant 0 : i32
          %one = arith.constant 1 : i32
          %two = arith.constant 2 : i32
          %number = arith.constant 1.0 : f32
          %end = scf.for %k = %zero to %steps step %one iter_args(%n = %zero) -> (i32) : i32 {
      PRODUCER
          }
          gpu.return
        }
        gpu.func @f_take(%x: !kcc.tensor_map, %y: !kcc.tensor_map, %p: !llvm.ptr<3>, %steps: i32, %c: !ring)
            attributes {kcc.group, kcc.num_warps = 4 : i32} {
          %zero = arith.constant 0 : i32
          %one = arith.constant 1 : i32
          %two = arith.constant 2 : i32
          %none = arith.constant 0.0 : f32
          %end, %s0, %s1, %s2, %s3 = scf.for %k = %zero to %steps step %one
              iter_args(%n = %zero, %r0 = %none, %r1 = %none, %r2 = %none, %r3 = %none) -> (i32, f32, f32, f32, f32) : i32 {
      CONSUMER
          }
          gpu.return
        }
      }
      """;

  private static final String COPIES = """
      %u, %v = kcc.acquire %c[%n] : !ring -> !a, !b
      kcc.copy_tile %x[%zero, %k] to %u on %c[%n] : !a, !ring
      kcc.copy_tile %y[%k, %zero] to %v on %c[%n] : !b, !ring
      kcc.put %c[%n] : !ring
      %m = arith.addi %n, %one : i32
      scf.yield %m : i32
      """;

  private static String product(String slot, String results, String sums) {
    return """
        %s:4 = kcc.async_mma "wgmma.m64n8k16.f32.f16" a(%%%su : !a) row %%zero b(%%%sv : !b) column 0 c(%s : f32, f32, f32, f32) {begins, commits} -> f32, f32, f32, f32
        """.formatted(results, slot, slot, sums);
  }

  private static GroupedKernel read(String producer, String consumer) {
    try (MlirContext context = MlirContext.create();
        OwnedModule module = context.parse(KERNEL.replace("PRODUCER", producer).replace("CONSUMER", consumer), "test.mlir")) {
      Operation gpuModule = module.operation().find("gpu.module").getFirst();
      return KernelReader.read(gpuModule, gpuModule.find("gpu.func").getFirst(), Machines.of("h100"));
    }
  }

  private static Problem problem(GroupedKernel kernel) {
    assertEquals(1, kernel.loops().size());
    GroupedKernel.Loop loop = kernel.loops().getFirst();
    assertEquals(List.of(), ProblemCheck.faults(loop.ordered()));
    assertEquals(List.of(), ProblemCheck.faults(loop.free()));
    return loop.ordered();
  }

  private static String consumer(int pending) {
    return """
        %u, %v = kcc.get %c[%n] : !ring -> !a, !b
        """ + product("", "%d", "%r0, %r1, %r2, %r3") + """
        %e:4 = kcc.mma_wait PENDING %d#0, %d#1, %d#2, %d#3 : f32, f32, f32, f32 -> f32, f32, f32, f32
        kcc.release %c[%n] : !ring
        %m = arith.addi %n, %one : i32
        scf.yield %m, %e#0, %e#1, %e#2, %e#3 : i32, f32, f32, f32, f32
        """.replace("PENDING", Integer.toString(pending));
  }

  @Test
  void copiesAndProductsHaveTheirTimes() {
    GroupedKernel kernel = read(COPIES, consumer(1));
    Problem problem = problem(kernel);
    Node a = problem.node("give.copy0");
    // 8192 bytes at 64 a cycle, 1000 cycles after the request.
    assertEquals(new Node("give.copy0", "copy", 128, 32, 1128, 0, true, "give"), a);
    assertEquals("A", kernel.loops().getFirst().operations().getFirst().label());
    // 2 x 64 x 8 x 64 operations at 4096 a cycle are 16 cycles; reading 72 x 64 elements of both factors takes 72.
    Node product = problem.node("take.product0");
    assertEquals("tensor", product.unit());
    assertEquals(16, kernel.loops().getFirst().matrixCycles());
    assertEquals(72, kernel.loops().getFirst().sharedCycles());
    assertEquals(72, product.occupancy());
    assertEquals(32, product.issue());
    assertEquals("64 x 8 x 64", kernel.loops().getFirst().operations().getLast().label());
    Value sum = problem.values().stream().filter(value -> value.producer().equals("take.product0")).findFirst().orElseThrow();
    assertEquals(new Value.Registers(4), sum.place());
    assertEquals(List.of(new Value.Use("take.product0", 1, true)), sum.uses());
    Value tile = problem.values().stream().filter(value -> value.name().equals("channel0.0")).findFirst().orElseThrow();
    // A product that runs on gives the slot back when the next one has begun.
    assertEquals(List.of(new Value.Use("take.product0", 0, false), new Value.Use("take.product0", 1, true)), tile.uses());
    assertTrue(problem.orders().contains(new Order("take.product0", "give.copy0", 72 + 50, 4)), problem.orders().toString());
    assertTrue(problem.orders().contains(new Order("take.product0", "give.copy0", 32 + 50, 3)), problem.orders().toString());
  }

  @Test
  void groupsAndMemoryAreDescribed() {
    GroupedKernel kernel = read(COPIES, consumer(1));
    assertEquals(List.of(new GroupedKernel.WarpGroup("give", 4, 4, 40), new GroupedKernel.WarpGroup("take", 4, 4, 255)),
        kernel.groups());
    GroupedKernel.Channel channel = kernel.channels().getFirst();
    assertEquals("A, B", channel.name());
    assertEquals(4, channel.depth());
    assertEquals(List.of("give"), channel.producers());
    assertEquals(List.of("take"), channel.consumers());
    assertEquals("slot 0 of A, B", kernel.memory().getFirst().name());
    assertEquals("barriers of A, B", kernel.memory().getLast().name());
  }

  @Test
  void aProductThatIsWaitedForHoldsItsGroup() {
    Node product = problem(read(COPIES, consumer(0))).node("take.product0");
    assertEquals(product.occupancy(), product.issue());
  }

  @Test
  void workIsDividedWhereTheUnitChanges() {
    String work = consumer(0).replace("kcc.release", """
        %h = arith.mulf %e#0, %e#1 : f32
        %i = math.exp2 %h : f32
        %j = arith.addf %i, %e#2 : f32
        kcc.release""").replace("scf.yield %m, %e#0", "scf.yield %m, %j");
    GroupedKernel kernel = read(COPIES, work);
    List<FunctionalUnit> units = new ArrayList<>();
    kernel.loops().getFirst().operations().stream().filter(operation -> operation.name().startsWith("take."))
        .forEach(operation -> units.add(operation.unit()));
    assertEquals(List.of(FunctionalUnit.TENSOR, FunctionalUnit.FMA, FunctionalUnit.SPECIAL, FunctionalUnit.FMA), units);
    Problem problem = problem(kernel);
    // An exponential of each of 128 threads, 16 a cycle.
    assertEquals(8, problem.node("take.work2").occupancy());
    assertEquals(1, problem.node("take.work1").occupancy());
    assertTrue(problem.orders().contains(new Order("take.product0", "take.work1", 72, 0)), problem.orders().toString());
    // The free problem knows only what is computed from what.
    assertFalse(kernel.loops().getFirst().free().orders().contains(new Order("take.product0", "take.work1", 72, 0)));
  }

  @Test
  void aStepMayTakeTwoPositions() {
    String copies = COPIES.replace("scf.yield %m : i32", "").replace("%m = arith.addi %n, %one : i32", "") + """
        %m = arith.addi %n, %one : i32
        %2u, %2v = kcc.acquire %c[%m] : !ring -> !a, !b
        kcc.copy_tile %x[%zero, %k] to %2u on %c[%m] : !a, !ring
        kcc.copy_tile %y[%k, %zero] to %2v on %c[%m] : !b, !ring
        kcc.put %c[%m] : !ring
        %o = arith.addi %n, %two : i32
        scf.yield %o : i32
        """.replace("%2", "%w");
    String both = """
        %u, %v = kcc.get %c[%n] : !ring -> !a, !b
        """ + product("", "%d", "%r0, %r1, %r2, %r3") + """
        %m = arith.addi %n, %one : i32
        %wu, %wv = kcc.get %c[%m] : !ring -> !a, !b
        """ + product("w", "%g", "%d#0, %d#1, %d#2, %d#3") + """
        %e:4 = kcc.mma_wait 0 %g#0, %g#1, %g#2, %g#3 : f32, f32, f32, f32 -> f32, f32, f32, f32
        kcc.release %c[%n] : !ring
        kcc.release %c[%m] : !ring
        %o = arith.addi %n, %two : i32
        scf.yield %o, %e#0, %e#1, %e#2, %e#3 : i32, f32, f32, f32, f32
        """;
    GroupedKernel kernel = read(copies, both);
    Problem problem = problem(kernel);
    Value second = problem.values().stream().filter(value -> value.name().equals("channel0.0.1")).findFirst().orElseThrow();
    assertEquals("give.copy2", second.producer());
    assertEquals(List.of(new Value.Use("take.product1", 0, false)), second.uses());
    // The slot comes back after half as many steps as the ring has slots.
    assertTrue(problem.orders().stream().anyMatch(
        order -> order.before().equals("take.product1") && order.after().equals("give.copy2") && order.distance() == 2));
  }

  @Test
  void threadsMayFillASlot() {
    String stores = """
        %u, %v = kcc.acquire %c[%n] : !ring -> !a, !b
        %s = arith.mulf %number, %number : f32
        llvm.store %s, %p : f32, !llvm.ptr<3>
        kcc.put %c[%n] : !ring
        %m = arith.addi %n, %one : i32
        scf.yield %m : i32
        """;
    Problem problem = problem(read(stores, consumer(1)));
    Value tile = problem.values().stream().filter(value -> value.name().equals("channel0.1")).findFirst().orElseThrow();
    assertEquals("give.work1", tile.producer());
    assertEquals("memory", problem.node("give.work1").unit());
    assertFalse(problem.node("give.work1").streaming());
  }
}
