// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.frontend.sema;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import kcc.frontend.FrontEnd;
import kcc.mlir.diag.KccException;
import org.junit.jupiter.api.Test;

class SpecializerTest {
  @Test
  void tensorsBecomeArgumentsViewsAndSizes() {
    TileProgram program = Programs.body("X[row, 0:8] = H[row, 0:8]");
    assertEquals(List.of("X", "I", "H", "Z", "p", "s", "n", "w", "u", "M", "N"),
        program.arguments().stream().map(TileProgram.Argument::name).toList());
    assertEquals(List.of("M", "N"), program.arguments().getFirst().shape());
    assertEquals(16, program.arguments().getFirst().divisibility());
    assertEquals(4, Programs.all(program, TileOp.MakeView.class).size());
    TileOp.LoadTile load = Programs.all(program, TileOp.LoadTile.class).getFirst();
    assertEquals(List.of(1), load.dimensions());
    assertEquals(Elementwise.EXTF, Programs.all(program, TileOp.Compute.class).getLast().operation());
  }

  @Test
  void gridIsWrittenForLaunchers() {
    TileProgram program = Programs.program("""
        from kcc import *
        M, N = sizes("M", "N")
        @kernel
        def k(X: Tensor[M, N, f32], n: i32, B: const = 32):
            a, b, c = grid(cdiv(M, B), N // 4 + 1, n * M)
        """, Bindings.none());
    assertEquals(List.of("ceildiv(M, 32)", "((N) // (4)) + 1", "M * n"),
        program.grid().stream().map(Polynomial::toText).toList());
    assertEquals(List.of("((s0) ceildiv (32))", "((s1) floordiv (4)) + 1", "s0 * s2"),
        program.grid().stream().map(extent -> extent.toAffine(List.of("M", "N", "n"))).toList());
  }

  @Test
  void sizesFixedAtCompileTime() {
    String text = """
        from kcc import *
        M, D = sizes("M", "D")
        @kernel
        def k(X: Tensor[M, D, f16], Y: Tensor[M, D, f16]):
            m = grid(M)
            Y[m, :] = X[m, :] * 2
        """;
    TileProgram program = Programs.program(text, Bindings.none().withConstant("D", "128"));
    assertEquals(List.of("M", "128"), program.arguments().getFirst().shape());
    assertEquals(List.of("X", "Y", "M"), program.arguments().stream().map(TileProgram.Argument::name).toList());
    assertEquals(new ValueType.Tile(ElementType.F16, List.of(128)),
        Programs.all(program, TileOp.LoadTile.class).getFirst().result().type());
    assertEquals(BigInteger.valueOf(128), program.constants().get("D"));
  }

  @Test
  void sliceLengthsAreFoundThroughNamesAndArithmetic() {
    TileProgram program = Programs.body("""
        end = (row + 1) * C
        a = X[row, row * C:end]
        b = X[row, row * C + 8 : end - 24]
        c = X[row, 2*n:2*n+16]
        """);
    assertEquals(List.of(List.of(64), List.of(32), List.of(16)),
        Programs.all(program, TileOp.LoadTile.class).stream().map(load -> load.result().shape()).toList());
  }

  @Test
  void constantsPruneBranchesAndUnroll() {
    TileProgram program = Programs.body("""
        if C > 100:
            undefined_name()
        elif X.dtype == f32 and H.dtype != f32:
            a = 1
        total = 0
        for i in static_range(5):
            if i == 3:
                break
            total += i
        static_assert(total == 3)
        static_assert(a == 1)
        for name, value in (("x", 1), ("y", 2)):
            total += value
        static_assert(total == 6)
        """);
    assertEquals(0, Programs.all(program, TileOp.If.class).size());
    assertEquals(0, Programs.all(program, TileOp.For.class).size());
  }

  @Test
  void loopsCarryWhatTheirBodiesAssign() {
    TileProgram program = Programs.body("""
        acc = zeros([8], f32)
        count = 0
        best = 0.0
        for i in range(0, N, 8):
            x = X[row, i:i+8]
            acc += x
            count += 1
            best = max(best, s)
        X[row, 0:8] = acc * count + best
        """);
    TileOp.For loop = Programs.all(program, TileOp.For.class).getFirst();
    assertEquals(List.of("tile [8] of f32", "i32", "f32"),
        loop.results().stream().map(result -> result.type().toString()).toList());
    assertEquals("i64", loop.body().arguments().getFirst().type().toString());
  }

  @Test
  void numbersInLoopsTakeTheTypeTheyGrowInto() {
    TileProgram program = Programs.body("total = 0\nfor i in range(n):\n    total += w\nX[0, 0] = total");
    assertEquals("i64", Programs.all(program, TileOp.For.class).getFirst().results().getFirst().type().toString());
  }

  @Test
  void loopsDownward() {
    TileProgram program = Programs.body("for i in range(n, 0, -2):\n    X[i, 0] = s");
    TileOp.For loop = Programs.all(program, TileOp.For.class).getFirst();
    assertTrue(program.operations().stream().anyMatch(
        operation -> operation instanceof TileOp.Constant(_, Ssa result, Number one)
            && result.equals(loop.step()) && one.equals(BigInteger.ONE)));
  }

  @Test
  void whileLoops() {
    TileProgram program = Programs.body("i = 0\nwhile i < n and s > 0:\n    i += 2\n    s = s * 0.5\nX[row, i] = s");
    TileOp.While loop = Programs.all(program, TileOp.While.class).getFirst();
    assertEquals(2, loop.results().size());
    assertEquals(ProgramWriter.I1, loop.test().yields().getFirst().type());
  }

  @Test
  void branchesMerge() {
    TileProgram program = Programs.body("""
        a = 1.0
        t = (n, s)
        if n > 3:
            a = s
            t = (n + 1, s)
        b = a if n < 5 else 0.5
        X[row, t[0]] = a + b + t[1]
        """);
    List<TileOp.If> branches = Programs.all(program, TileOp.If.class);
    assertEquals(2, branches.size());
    assertEquals(List.of("f32", "i32"), branches.getFirst().results().stream().map(r -> r.type().toString()).toList());
  }

  @Test
  void earlyReturns() {
    TileProgram program = Programs.program("""
        from kcc import *
        N = size("N")
        def pick(a, b, n):
            if n > 3:
                return a
            if n < -3:
                return b
            c = a + b
            return c
        @kernel
        def k(X: Tensor[N, f32], n: i32):
            i = grid(N)
            if i >= n:
                return
            X[i] = pick(X[i], 1.0, n)
        """, Bindings.none());
    List<TileOp.If> branches = Programs.all(program, TileOp.If.class);
    assertEquals(3, branches.size());
    assertTrue(program.operations().getLast() instanceof TileOp.If last && last.results().isEmpty());
  }

  @Test
  void pointersKeepOneBaseAndTheirOffsets() {
    TileProgram program = Programs.body("""
        q = p + arange(8)
        for i in range(n):
            store(q, load(q) + 1.0)
            q += 8
        r = p + arange(8) + arange(8)
        for i in range(n):
            r += arange(8)
        store(r, 0)
        """);
    List<TileOp.For> loops = Programs.all(program, TileOp.For.class);
    assertEquals(List.of("pointer to f32", "tile [8] of i32"),
        loops.getFirst().results().stream().map(result -> result.type().toString()).toList());
    assertEquals("tile [8] of i64", loops.getLast().results().getLast().type().toString());
  }

  @Test
  void offsetsWidenInLoops() {
    TileProgram program = Programs.body("q = p + arange(8)\nfor i in range(n):\n    q += arange(8)\nstore(q, 0)");
    assertEquals("tile [8] of i64",
        Programs.all(program, TileOp.For.class).getFirst().results().getLast().type().toString());
  }

  @Test
  void reductionsWithHelpers() {
    TileProgram program = Programs.program("""
        from kcc import *
        N = size("N")
        def welford(m1, n1, m2, n2):
            n = n1 + n2
            return m1 + (m2 - m1) * (n2 / n), n
        @kernel
        def k(X: Tensor[N, f32], Y: Tensor[2, f32]):
            i = grid(1)
            mean, count = reduce((X[0:64], full([64], 1.0, f32)), 0, welford)
            Y[0] = mean
        """, Bindings.none());
    TileOp.Reduce reduce = Programs.all(program, TileOp.Reduce.class).getFirst();
    assertEquals(4, reduce.combiner().arguments().size());
    assertEquals(2, reduce.results().size());
  }

  @Test
  void assertionsGoWhereTheyCanBeChecked() {
    TileProgram program = Programs.body("""
        assert N <= 2 * C, "too long"
        assert M % 4 == 0
        assert s > 0, "positive"
        assert C == 64
        """);
    assertEquals(List.of("N <= 128", "((M) % (4)) == 0"), program.requirements());
    assertEquals(1, Programs.all(program, TileOp.Assert.class).size());
  }

  @Test
  void assertionsUnderConditionsAreNoRequirements() {
    TileProgram program = Programs.body("""
        if n > 3:
            assert N <= C
        for i in range(n):
            assert M <= C
        """);
    assertEquals(List.of(), program.requirements());
    assertEquals(2, Programs.all(program, TileOp.Assert.class).size());
  }

  @Test
  void boolsAreBytesInMemory() {
    TileProgram program = Programs.program("""
        from kcc import *
        N = size("N")
        @kernel
        def k(F: Tensor[N, bool], G: Tensor[N, bool], flag: bool):
            i = grid(N)
            G[i] = not F[i] or flag
        """, Bindings.none());
    assertEquals("u8", Programs.all(program, TileOp.LoadTile.class).getFirst().result().type().toString());
    assertEquals("u8", Programs.all(program, TileOp.StoreTile.class).getFirst().value().type().toString());
  }

  @Test
  void constantsOfTheFileAndFromOutside() {
    String text = """
        from kcc import *
        N = size("N")
        T = f32
        WIDTH = 4 * 8
        HALF = WIDTH // 2
        @kernel
        def k(X: Tensor[N, T]):
            i = grid(cdiv(N, HALF)) * HALF
            X[i:i+HALF] = 0
        """;
    TileProgram plain = Programs.program(text, Bindings.none());
    assertEquals(ElementType.F32, plain.arguments().getFirst().element());
    TileProgram changed = Programs.program(text, Bindings.ofConstants(Map.of("T", "bf16", "WIDTH", "128")));
    assertEquals(ElementType.BF16, changed.arguments().getFirst().element());
    assertEquals("ceildiv(N, 64)", changed.grid().getFirst().toText());
  }

  @Test
  void constantsOfTheFileAsSizesOfTensors() {
    String text = """
        from kcc import *
        N = size("N")
        D = 128
        @kernel
        def k(X: Tensor[N, D, f32], Y: Tensor[N, D // 2, f32]):
            i = grid(N)
            Y[i, :] = X[i, 0:D//2] + X[i, D//2:D]
        """;
    TileProgram plain = Programs.program(text, Bindings.none());
    assertEquals(List.of("N", "128"), plain.arguments().getFirst().shape());
    TileProgram changed = Programs.program(text, Bindings.ofConstants(Map.of("D", "64")));
    assertEquals(List.of("N", "64"), changed.arguments().getFirst().shape());
    assertEquals(List.of("N", "32"), changed.arguments().get(1).shape());
    assertEquals(List.of(32), Programs.all(changed, TileOp.StoreTile.class).getFirst().value().shape());
  }

  @Test
  void tritonSpellingGivesTheSameOperations() {
    TileProgram triton = Programs.program("""
        import torch
        import triton
        import triton.language as tl
        SCALE: tl.constexpr = 2
        def host(x): return torch.empty_like(x)
        @triton.autotune(configs=[triton.Config({'B': 64})], key=['n'])
        @triton.jit
        def k(x_ptr, n, B: tl.constexpr, FLAG: tl.constexpr = None):
            o = tl.program_id(axis=0) * B + tl.arange(0, B)
            x = tl.load(x_ptr + o, mask=o < n, other=0.)
            if FLAG is not None:
                x = undefined(x)
            tl.store(x_ptr + o, tl.maximum(x * SCALE, 0).to(x_ptr.dtype.element_ty), mask=o < n)
        """, Bindings.none().withSignature("x_ptr:*fp16:16, n:i32, B:constexpr=128"));
    TileProgram written = Programs.program("""
        from kcc import *
        @kernel
        def k(x_ptr: Pointer[f16], n: i32, B: const):
            grid(cdiv(n, B))
            o = program_id(0) * B + arange(0, B)
            x = load(x_ptr + o, mask=o < n, other=0.)
            store(x_ptr + o, maximum(x * 2, 0), mask=o < n)
        """, Bindings.none().withConstant("B", "128"));
    assertNull(triton.grid());
    assertEquals(16, triton.arguments().getFirst().divisibility());
    List<String> a = triton.operations().stream().map(operation -> operation.getClass().getSimpleName()).toList();
    List<String> b = written.operations().stream().map(operation -> operation.getClass().getSimpleName()).toList();
    // The native one computes the extent of its grid and its place in it first.
    assertEquals(a, b.subList(b.size() - a.size(), b.size()));
  }

  @Test
  void kernelsTellWhatTheyNeed() {
    Kernel kernel = KernelFinder.find(kcc.frontend.syntax.SourceParser.parse("""
        import triton, triton.language as tl
        @triton.jit
        def helper(x): return x + 1
        @triton.jit
        def k(x_ptr, n, B: tl.constexpr, C: tl.constexpr = 4): tl.store(x_ptr, helper(n))
        """, "k.py")).getFirst();
    assertEquals("k", kernel.name());
    assertEquals(List.of("--signature \"x_ptr:*f32:16, n:i32\"", "-D B=1024"), kernel.missingFlags(Bindings.none()));
    assertEquals(List.of("-D B=1024"), kernel.missingFlags(Bindings.none().withSignature("x_ptr:*f32, n:i32")));
    assertEquals(KernelParameter.Kind.CONSTANT, kernel.parameters().get(2).kind());
  }

  @Test
  void whatIsOnlyUnsupportedIsToldApart() {
    String text = """
        import triton, triton.language as tl
        @triton.jit
        def k(x_ptr):
            tl.store(x_ptr, tl.lgamma(tl.load(x_ptr + tl.arange(0, 4))))
            y = tl.sqort(1.0)
        """;
    Bindings bindings = Bindings.none().withSignature("x_ptr:*f32");
    assertEquals(List.of("KCC1003", "KCC1002"),
        Programs.specialize(text, bindings).diagnostics().stream().map(error -> error.code()).toList());
    assertFalse(new FrontEnd.Emitted(null, Programs.specialize(text, bindings).diagnostics()).isOnlyUnsupported());
    String valid = text.substring(0, text.indexOf("    y ="));
    assertTrue(new FrontEnd.Emitted(null, Programs.specialize(valid, bindings).diagnostics()).isOnlyUnsupported());
  }

  @Test
  void signaturesAreChecked() {
    for (String bad : List.of("x", "x:", "x:f33", "x:*f32:0", "x:*f32:a", "x:constexpr", ":f32", "x:f32=")) {
      KccException failure = assertThrows(KccException.class, () -> Bindings.none().withSignature(bad), bad);
      assertTrue(failure.diagnostics().getFirst().text().contains("'" + bad + "'"));
    }
    assertInstanceOf(Bindings.class, Bindings.none().withSignature("x:*f32, n:i32:16, c:constexpr='a'"));
  }
}
