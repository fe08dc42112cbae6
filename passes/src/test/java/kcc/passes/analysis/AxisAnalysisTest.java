// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.analysis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import kcc.mlir.ir.MlirContext;
import kcc.mlir.ir.Operation;
import kcc.mlir.ir.OwnedModule;
import kcc.mlir.ir.Value;
import kcc.passes.analysis.AxisFacts.Axis;
import kcc.passes.layout.Vectorization.AddressFacts;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AxisAnalysisTest {
    private final MlirContext context = MlirContext.create();
    private OwnedModule module;

    @AfterEach
    void close() {
        if (module != null) {
            module.close();
        }
        context.close();
    }

    /// Analyzes a kernel given by arguments and body.
    private AxisAnalysis analyze(String arguments, String body) {
        module = context.parse("gpu.module @m {\ngpu.func @k(" + arguments + ") kernel {\n" + body + "\ngpu.return\n}\n}", "test.mlir");
        return AxisAnalysis.of(kernel());
    }

    private Operation kernel() {
        return module.operation().find("gpu.func").getFirst();
    }

    /// The result of the last operation of this name.
    private Value result(String operation) {
        return module.operation().find(operation).getLast().result(0);
    }

    @Test
    void launchersCheckBounds() {
        module = context.parse("""
                gpu.module @m {
                  gpu.func @k(%n: i64 {kcc.name = "N", kcc.kind = "size"}, %m: i64 {kcc.name = "M", kcc.kind = "size"},
                      %i: i32 {kcc.name = "I", kcc.kind = "scalar"}, %j: i32 {kcc.name = "J", kcc.kind = "scalar"}) kernel
                      attributes {kcc.requires = ["N <= 4096", "16 < N", "M * N < 100", "I == -3", "J >= 5", "J < 5", "K <= 1"]} {
                    gpu.return
                  }
                }
                """, "test.mlir");
        AxisAnalysis analysis = AxisAnalysis.of(kernel());
        var arguments = kernel().region(0).first().arguments();
        assertEquals(new IntegerRange(17, 4096), analysis.facts(arguments.get(0)).range());
        assertEquals(new IntegerRange(0, Long.MAX_VALUE), analysis.facts(arguments.get(1)).range());
        assertEquals(IntegerRange.of(-3), analysis.facts(arguments.get(2)).range());
        // Never launched: any code will do.
        assertTrue(analysis.facts(arguments.get(3)).range().fits(32));
    }

    @Test
    void offsetsOfAProgram() {
        AxisAnalysis analysis = analyze("", """
                %pid = kcc.program_id 0
                %size = arith.constant 128 : i32
                %start = arith.muli %pid, %size : i32
                %from = tensor.splat %start : tensor<128xi32>
                %index = kcc.arange : tensor<128xi32>
                %offsets = arith.addi %from, %index : tensor<128xi32>
                """);
        assertEquals(new Axis(128, 128, 128, 1), analysis.facts(result("arith.addi")).axis(0));
        assertEquals(new Axis(128, 1, 128, 128), analysis.facts(result("tensor.splat")).axis(0));
        assertEquals(128, analysis.facts(result("arith.muli")).divisor());
    }

    @Test
    void accessOfARaggedArray() {
        String body = """
                %pid = kcc.program_id 0
                %size = arith.constant 1024 : i32
                %start = arith.muli %pid, %size : i32
                %from = tensor.splat %start : tensor<1024xi32>
                %index = kcc.arange : tensor<1024xi32>
                %offsets = arith.addi %from, %index : tensor<1024xi32>
                %end = tensor.splat %n : tensor<1024xi32>
                %mask = arith.cmpi slt, %offsets, %end : tensor<1024xi32>
                %v = kcc.load %x[%offsets] mask %mask : !kcc.ptr<f32>, tensor<1024xi32> -> tensor<1024xf32>
                kcc.store %v, %x[%offsets] : tensor<1024xf32>, !kcc.ptr<f32>, tensor<1024xi32>
                """;
        AxisAnalysis analysis = analyze("%x: !kcc.ptr<f32> {kcc.divisibility = 16 : i64}, %n: i32 {kcc.divisibility = 8 : i64}", body);
        Operation load = module.operation().find("kcc.load").getFirst();
        assertEquals(new AddressFacts(1024, 4, 8), analysis.address(load, 0));
        assertEquals(4, analysis.address(load, 0).widest());
        Operation store = module.operation().find("kcc.store").getFirst();
        assertEquals(new AddressFacts(1024, 4, AxisFacts.ANYTHING), analysis.address(store, 0));
        module.close();
        analysis = analyze("%x: !kcc.ptr<f32> {kcc.divisibility = 16 : i64}, %n: i32", body);
        assertEquals(1, analysis.address(module.operation().find("kcc.load").getFirst(), 0).widest());
        module.close();
        analysis = analyze("%x: !kcc.ptr<f32> {kcc.divisibility = 8 : i64}, %n: i32 {kcc.divisibility = 16 : i64}", body);
        assertEquals(2, analysis.address(module.operation().find("kcc.load").getFirst(), 0).widest());
    }

    @Test
    void loadWithOtherButNoMask() {
        AxisAnalysis analysis = analyze("%x: !kcc.ptr<i8> {kcc.divisibility = 16 : i64}", """
                %index = kcc.arange : tensor<64xi64>
                %yes = arith.constant dense<true> : tensor<64xi1>
                %v = kcc.load %x[%index] mask %yes : !kcc.ptr<i8>, tensor<64xi64> -> tensor<64xi8>
                """);
        assertEquals(new AddressFacts(64, 16, 64), analysis.address(module.operation().find("kcc.load").getFirst(), 0));
    }

    /// Rows and columns of a matrix whose row length is known to be divisible by 16 only.
    @Test
    void matrixOfOffsets() {
        AxisAnalysis analysis = analyze("%x: !kcc.ptr<f16> {kcc.divisibility = 16 : i64}, %n: i64 {kcc.kind = \"size\", kcc.divisibility = 16 : i64}", """
                %rows = kcc.arange : tensor<64xi64>
                %columns = kcc.arange : tensor<32xi64>
                %r = kcc.reshape %rows : tensor<64xi64> -> tensor<64x1xi64>
                %c = kcc.reshape %columns : tensor<32xi64> -> tensor<1x32xi64>
                %pitch = tensor.splat %n : tensor<64x1xi64>
                %start = arith.muli %r, %pitch : tensor<64x1xi64>
                %wide = kcc.broadcast %start : tensor<64x1xi64> -> tensor<64x32xi64>
                %tall = kcc.broadcast %c : tensor<1x32xi64> -> tensor<64x32xi64>
                %offsets = arith.addi %wide, %tall : tensor<64x32xi64>
                %v = kcc.load %x[%offsets] : !kcc.ptr<f16>, tensor<64x32xi64> -> tensor<64x32xf16>
                """);
        Operation load = module.operation().find("kcc.load").getFirst();
        assertEquals(new AddressFacts(32, 8, AxisFacts.ANYTHING), analysis.address(load, 1));
        assertEquals(1, analysis.address(load, 0).widest());
        assertTrue(analysis.facts(result("arith.addi")).range().isNonNegative());
    }

    @Test
    void clampedExtentsKeepTheirDivisor() {
        AxisAnalysis analysis = analyze("%n: i64 {kcc.kind = \"size\", kcc.divisibility = 16 : i64}", """
                %pid = kcc.program_id 0
                %wide = arith.extsi %pid : i32 to i64
                %size = arith.constant 256 : i64
                %zero = arith.constant 0 : i64
                %start = arith.muli %wide, %size : i64
                %left = arith.subi %n, %start : i64
                %low = arith.maxsi %left, %zero : i64
                %both = arith.minsi %low, %size : i64
                %narrow = arith.trunci %both : i64 to i32
                %end = tensor.splat %narrow : tensor<256xi32>
                %index = kcc.arange : tensor<256xi32>
                %mask = arith.cmpi slt, %index, %end : tensor<256xi32>
                """);
        assertEquals(16, analysis.facts(result("arith.cmpi")).axis(0).constancy());
        assertEquals(new IntegerRange(0, 256), analysis.facts(result("arith.trunci")).range());
        assertTrue(analysis.fits(result("arith.minsi"), 32));
        assertFalse(analysis.fits(result("arith.muli"), 32));
    }

    @Test
    void loopsGoRoundUntilNothingChanges() {
        AxisAnalysis analysis = analyze("%n: i64 {kcc.kind = \"size\"}", """
                %zero = arith.constant 0 : i64
                %step = arith.constant 32 : i64
                %index = kcc.arange : tensor<64xi64>
                %by = arith.constant dense<32> : tensor<64xi64>
                %r:2 = scf.for %i = %zero to %n step %step iter_args(%offsets = %index, %odd = %index) -> (tensor<64xi64>, tensor<64xi64>) : i64 {
                  %next = arith.addi %offsets, %by : tensor<64xi64>
                  %one = arith.constant dense<1> : tensor<64xi64>
                  %moved = arith.addi %odd, %one : tensor<64xi64>
                  %sum = arith.addi %i, %i : i64
                  scf.yield %next, %moved : tensor<64xi64>, tensor<64xi64>
                }
                """);
        Operation loop = module.operation().find("scf.for").getFirst();
        assertEquals(new Axis(64, 64, 32, 1), analysis.facts(loop.result(0)).axis(0));
        assertEquals(new Axis(64, 64, 1, 1), analysis.facts(loop.result(1)).axis(0));
        assertTrue(analysis.facts(loop.result(0)).range().isNonNegative());
        Value induction = loop.region(0).first().argument(0);
        assertEquals(32, analysis.facts(induction).divisor());
        assertTrue(analysis.facts(induction).range().isNonNegative());
    }

    @Test
    void branchesAndWhileLoopsKeepWhatBothSidesHave() {
        AxisAnalysis analysis = analyze("%c: i1, %n: i32 {kcc.divisibility = 4 : i64}", """
                %a = arith.constant 24 : i32
                %r = scf.if %c -> i32 {
                  scf.yield %a : i32
                } else {
                  scf.yield %n : i32
                }
                %limit = arith.constant 1000 : i32
                %w = scf.while (%x = %r) : (i32) -> i32 {
                  %go = arith.cmpi slt, %x, %limit : i32
                  scf.condition(%go) %x : i32
                } do {
                ^bb0(%y: i32):
                  %two = arith.constant 2 : i32
                  %z = arith.addi %y, %two : i32
                  scf.yield %z : i32
                }
                """);
        assertEquals(4, analysis.facts(module.operation().find("scf.if").getFirst().result()).divisor());
        assertEquals(2, analysis.facts(module.operation().find("scf.while").getFirst().result()).divisor());
    }

    @Test
    void divisionsNeedNumbersThatAreNotNegative() {
        String body = """
                %w = arith.constant dense<16> : tensor<64xi64>
                %index = kcc.arange : tensor<64xi64>
                %base = tensor.splat %n : tensor<64xi64>
                %offsets = arith.addi %base, %index : tensor<64xi64>
                %q = arith.divsi %offsets, %w : tensor<64xi64>
                %r = arith.remsi %offsets, %w : tensor<64xi64>
                """;
        AxisAnalysis analysis = analyze("%n: i64 {kcc.kind = \"size\", kcc.divisibility = 8 : i64}", body);
        assertEquals(new Axis(64, 1, 1, 8), analysis.facts(result("arith.divsi")).axis(0));
        assertEquals(new Axis(64, 8, 8, 1), analysis.facts(result("arith.remsi")).axis(0));
        assertEquals(new IntegerRange(0, 15), analysis.facts(result("arith.remsi")).range());
        module.close();
        analysis = analyze("%n: i64 {kcc.divisibility = 8 : i64}", body);
        assertEquals(new Axis(64, 1, 1, 1), analysis.facts(result("arith.divsi")).axis(0));
    }

    @Test
    void pointersMoveByBytes() {
        AxisAnalysis analysis = analyze("%x: !kcc.ptr<f16> {kcc.divisibility = 16 : i64}, %n: i64 {kcc.divisibility = 4 : i64}", """
                %p = kcc.add_ptr %x, %n : !kcc.ptr<f16>, i64
                """);
        assertEquals(8, analysis.facts(result("kcc.add_ptr")).divisor());
        assertEquals(2, AxisAnalysis.pointeeBytes(result("kcc.add_ptr").type()));
    }

    @Test
    void whatIsNoIntegerHasNoFacts() {
        AxisAnalysis analysis = analyze("%x: f32", "%y = arith.addf %x, %x : f32");
        assertNull(analysis.facts(result("arith.addf")));
    }

    @Test
    void transposedAndReshapedTiles() {
        AxisAnalysis analysis = analyze("", """
                %index = kcc.arange {start = 8 : i64} : tensor<64xi32>
                %m = kcc.reshape %index : tensor<64xi32> -> tensor<4x16xi32>
                %e = tensor.empty() : tensor<16x4xi32>
                %t = linalg.transpose ins(%m : tensor<4x16xi32>) outs(%e : tensor<16x4xi32>) permutation = [1, 0]
                """);
        assertEquals(new Axis(16, 16, 8, 1), analysis.facts(result("kcc.reshape")).axis(1));
        assertEquals(new Axis(16, 16, 8, 1), analysis.facts(result("linalg.transpose")).axis(0));
    }
}
