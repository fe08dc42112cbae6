// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.frontend.sema;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Random;
import kcc.frontend.syntax.SourceParser;
import kcc.mlir.diag.Diagnostic;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SemanticErrorTest {
  @ParameterizedTest
  @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
    // Names.
    "x = zeroes([8], f32) | 1:5: unknown name 'zeroes' -- did you mean 'zeros'?",
    "x = X[rwo, 0:8] | 1:7: unknown name 'rwo' -- did you mean 'row'?",
    "x = foo | 1:5: unknown name 'foo'",
    "x = X.shap | 1:7: the tensor 'X' has no 'shap' -- did you mean 'shape'?",
    // Calls.
    "x = exp() | 1:5: 'exp' lacks the argument 'x' -- it is exp(x)",
    "x = exp(s, s) | 1:5: 'exp' takes at most 1 argument, here it has 2 -- it is exp(x)",
    "x = sum(X[row, 0:8], axes=0) | 1:5: 'sum' has no argument 'axes' -- did you mean 'axis'?",
    "x = twice(1, 2) | 1:5: 'twice' takes 1 argument, here it has 2 -- it is twice(x)",
    "x = twice(y=2) | 1:5: 'twice' lacks the argument 'x' -- it is twice(x)",
    "x = s() | 1:5: a scalar of f32 cannot be called",
    // Types.
    "x = dot(H[0:16, 0:16], X[0:16, 0:16]) | 1:5: 'dot' needs two tiles of one type, here they are f16 and f32 -- convert one of them with .to(...)",
    "x = exp(I[0:8]) | 1:5: this function needs floating numbers, not i32 -- convert with .to(f32)",
    "x = X[s, 0:8] | 1:7: the tensor 'X' is indexed with integers, not with a scalar of f32",
    "x = n // u | 1:5: '//' does not work on i32 and u32: one is signed, the other is not -- convert one of them with .to(...)",
    "x = X + 1 | 1:5: '+' does not work on the tensor 'X' -- read a tile of it first, such as X[i:i+BM, j:j+BN]",
    "x = p * 2 | 1:5: '*' does not work on a pointer to f32 and 2 -- an integer can be added to a pointer or subtracted from it",
    "x = p + s | 1:5: a pointer moves by integers, not by a scalar of f32",
    "I[0:8] = X[row, 0:8] | 1:1: a value of f32 cannot be written to the part of 'I', which holds i32 -- say how to round: convert with .to(i32)",
    "x = s & 1 | 1:5: '&' needs integers or bools, here it has a scalar of f32 and 1",
    "x = I[0:8].to(i8) + 300 | 1:5: the number 300 does not fit in i8 (-128 to 127) -- convert the other operand to a wider type, with .to(...)",
    "x = 1 // 0 | 1:5: division by zero in the compile-time value 1 // 0",
    "a, b = 1, 2, 3 | 1:1: a tuple of 3 cannot be unpacked into 2 names",
    "x = load(X) | 1:5: 'load' needs a pointer, not the tensor 'X' -- parts of tensors are read as X[i:i+BM, j:j+BN]",
    "x = zeros([8], 3) | 1:5: 'zeros' needs an element type as 'dtype', not 3 -- such as f32 (tl.float32)",
    // Shapes.
    "x = zeros([8, 4], f32) + zeros([4, 8], f32) | 1:5: the shapes [8, 4] and [4, 8] do not broadcast: 8 against 4 in dimension 0 -- sizes must be equal or 1; x[:, None] and x[None, :] add a size of 1",
    "x = dot(H[0:16, 0:32], H[0:16, 0:32]) | 1:5: 'dot' multiplies [M, K] by [K, N], here the shapes are [16, 32] and [16, 32] -- transpose the second one: b.T",
    "x = zeros([100], f32) | 1:5: the tile has the size 100, which is not a power of two -- use 64 or 128; elements outside of a tensor read as zero and are not written",
    "x = X[row, 0:48] | 1:5: the part of 'X' has the size 48, which is not a power of two -- use 32 or 64; elements outside of a tensor read as zero and are not written",
    "x = zeros([2048, 2048], f32) | 1:5: the tile has the shape [2048, 2048], more than 1048576 elements -- use smaller tiles",
    "x = X[row] | 1:5: the tensor 'X' has 2 dimensions, here it has 1 indices -- write ':' for a whole dimension",
    "x = X[row, :] | 1:12: the length of this slice is N, which is not known at compile time, and the shape of a tile must be -- fix it with -D N=VALUE, or read a part such as i:i+BN in a loop",
    "x = X[row, 0:n] | 1:12: the length of this slice is not known at compile time -- write it as start:start+BN with a constant BN",
    "x = X[row, 8:8] | 1:12: this slice is empty: it has 0 elements",
    "x = X[row, 0:8:2] | 1:16: slices of tensors have no step -- choose the elements: X[start + step * arange(BN)]",
    "X[row, 0:8] = zeros([16], f32) | 1:1: the shapes [16] and [8] do not broadcast: 16 against 8 in dimension 0 -- sizes must be equal or 1; x[:, None] and x[None, :] add a size of 1",
    "x = sum(X[row, 0:8], axis=1) | 1:5: 'axis' of 'sum' is 1, but the tile has rank 1",
    "x = reshape(arange(8), [4, 4]) | 1:5: a tile of shape [8] has 8 elements, the shape [4, 4] 16",
    "x = zeros([n], f32) | 1:5: 'shape' of 'zeros' must be known at compile time; it contains a scalar of i32 -- the shape of a tile is made of numbers and constants, which -D NAME=VALUE can set",
    "x = arange(8)[0] | 1:15: a tile is indexed only with ':' and None; its elements have no order of their own -- to add a dimension write x[:, None]; to choose elements use where(...) and a reduction",
    "x = X[row, arange(8) < 4] | 1:12: the tensor 'X' is indexed with integers, not with a tile [8] of bool -- a mask is given to load(X[...], mask=...) and store(X[...], value, mask=...)",
    "x = X[row, arange(8):n] | 1:12: a slice begins and ends at integers, not at a tile [8] of i32 -- a tile of indices alone chooses elements: X[idx]",
    "x = X[arange(8), arange(16)] | 1:18: the shapes [8] and [16] do not broadcast: 8 against 16 in dimension 0 -- sizes must be equal or 1; x[:, None] and x[None, :] add a size of 1",
    "x = Z[arange(8), 0:8, arange(8)] | 1:23: a slice stands between the tiles of indices of 'Z', which choose elements together -- write start + arange(BN) with new axes, such as (start + arange(BN))[None, :], instead of the slice",
    "x = load(X[row, 0:8], other=1) | 1:5: 'other' has no meaning without 'mask'",
    "x = gather(X[0:8, 0:4], arange(4), 1) | 1:5: indices of shape [4] do not fit a tile of shape [8, 4]: apart from axis 1 the sizes are the same",
    "x = topk(X[0, 0:8], 16) | 1:5: there are no 16 largest of 8 elements",
    "x = topk(X[0, 0:8], 3) | 1:5: the result of 'topk' has the size 3, which is not a power of two -- use 2 or 4; elements outside of a tensor read as zero and are not written",
    "x = split(X[0:4, 0:8]) | 1:5: 'split' needs a last axis of size 2, here the shape is [4, 8] -- reshape it first, such as x.reshape(4, ..., 2)",
    "x = cat(arange(4), arange(8)) | 1:5: 'cat' needs two tiles of one shape, here they are [4] and [8]",
    "x = histogram(X[0, 0:8], 16) | 1:5: 'histogram' needs a tile of integers as 'x', not a tile [8] of f32",
    "x = histogram(arange(8), n) | 1:5: 'num_bins' of 'histogram' must be known at compile time; it is a scalar of i32 -- use a number, a module constant or a parameter marked 'const' (tl.constexpr)",
    "x = sort(X[0, 0:8], axis=1) | 1:5: 'dim' of 'sort' is 1, but the tile has rank 1",
    "x = X[-1, 0:8] | 1:7: the index -1 lies outside of the tensor: negative indices do not count from the end",
    // Python that kernels cannot use.
    "f = lambda x: x | 1:5: lambdas are not supported in kernels -- define a helper function with 'def' outside of the kernel and call it",
    "d = {1: 2} | 1:5: dictionaries are not supported in kernels -- use separate names, or a tuple",
    "x = {1, 2} | 1:5: sets are not supported in kernels -- use a tuple",
    "x = yield 3 | 1:5: 'yield' is not supported in kernels: they are no generators -- use 'return' in a helper function",
    "import math | 1:1: imports cannot stand inside a kernel -- move the import to the top of the file",
    "raise s | 1:1: 'raise' is not supported in kernels -- check conditions with 'assert'",
    "global M | 1:1: 'global' is not supported: kernels cannot change names outside of them -- reading a module constant needs no declaration",
    "del row | 1:1: 'del' is not supported in kernels -- a value that is no longer used costs nothing",
    "x = 3j | 1:5: complex numbers are not supported in kernels -- keep real and imaginary parts in two tiles",
    "x = b'1' | 1:5: bytes are not supported in kernels",
    "s.x = 3 | 1:1: '.x' cannot be assigned in a kernel -- use a name of its own",
    "x = H[0:8, 0:8] @ H[0:8, 0:8] | 1:5: the operator '@' is not supported on tiles -- write dot(a, b), which also takes an accumulator",
    "x = s is s | 1:5: 'is' compares identities, which values of a running kernel do not have -- compare with '==', or with None",
    "x = s ** n | 1:5: '**' on tiles needs a whole exponent from 1 to 63 known at compile time -- write exp2(y * log2(x)) for x > 0",
    "print(s) | 1:1: kernels cannot print -- static_print(...) writes while compiling",
    "arange(8)[:] = 3 | 1:1: only parts of tensors can be assigned with [...]; tiles are values and do not change -- make a new tile, with where(mask, new, old)",
    "static_assert(C == 32, 'C must be 32') | 1:1: assertion failed: C must be 32",
    "assert C == 32 | 1:1: assertion failed: assertion failed",
    "g = grid(N) | 1:5: this kernel has declared its grid already",
    "return s | 0:0: ignored"
  })
  void namesTheProblemAndTheWayOut(String body, String expected) {
    if (expected.equals("0:0: ignored")) {
      assertTrue(Programs.error(body).contains("returns a scalar of f32"));
      return;
    }
    assertEquals(expected, Programs.error(body));
  }

  @Test
  void controlFlow() {
    assertEquals("1:4: a tile [8] of conditions cannot choose a branch -- use where(condition, a, b), or reduce the tile "
        + "to one value first", Programs.error("if arange(8) < n:\n    s = 1.0"));
    assertEquals("2:1: 'acc' changes its type in the loop: it is a scalar of f32 before and a tile [8] of f32 at the end "
        + "of the body -- start with the tile itself: acc = full([8], 0.0, f32)",
        Programs.error("acc = 0.0\nfor i in range(n):\n    acc += X[i, 0:8]"));
    assertEquals("2:1: 'a' changes its type in the loop: it is a tile [8] of f32 before and a tile [8] of f16 at the end "
        + "of the body -- keep one type and shape: convert with .to(...), or use another name",
        Programs.error("a = zeros([8], f32)\nfor i in range(n):\n    a = H[i, 0:8]"));
    assertEquals("3:5: 'y' is assigned only inside the loop of line 7, which may run zero times; assign it before the loop",
        Programs.error("for i in range(n):\n    y = 1.0\nx = y").replace("line 7", "line 7"));
    assertEquals("3:5: 'y' is assigned in only one branch of the 'if' of line 7; assign it before the 'if' too",
        Programs.error("if n > 3:\n    y = 1.0\nx = y"));
    assertEquals("1:1: 'y' has different types in the two branches: a tile [8] of f32 and a scalar of i32 -- convert one "
        + "with .to(...), or give it the same shape", Programs.error("if n > 3:\n    y = X[0, 0:8]\nelse:\n    y = n"));
    assertEquals("1:1: 'return' inside of a loop that runs is not supported -- keep the result in a variable and return it "
        + "behind the loop", Programs.error("for i in range(n):\n    return"));
    assertTrue(Programs.error("for i in range(n):\n    break").contains("only in loops that are unrolled"));
    assertTrue(Programs.error("while True:\n    x = 1").contains("this loop never ends"));
    assertTrue(Programs.error("for i in range(3):\n    pass\nelse:\n    pass").contains("'else' after a 'for' loop"));
    assertTrue(Programs.error("for i in s:\n    pass").contains("a kernel cannot iterate over a scalar of f32"));
    assertTrue(Programs.error("with s:\n    pass").contains("'with' is not supported"));
    assertTrue(Programs.error("try:\n    pass\nfinally:\n    pass").contains("'try' is not supported"));
    assertTrue(Programs.error("class A: pass").contains("classes are not supported"));
    assertTrue(Programs.error("def f(): pass").contains("functions cannot be defined inside a kernel"));
    assertTrue(Programs.error("match n:\n    case 1: pass").contains("'match' is not supported"));
  }

  @Test
  void errorsInHelpersTellWhereTheyWereCalled() {
    Specialization specialization = Programs.specialize("""
        from kcc import *
        def inner(x):
            return exp(x)
        def outer(x):
            return inner(x) + 1
        @kernel
        def k(n: i32):
            grid(1)
            y = outer(n)
        """, Bindings.none());
    Diagnostic error = specialization.diagnostics().getFirst();
    assertEquals(3, error.location().line());
    assertEquals(List.of(5, 9), error.notes().stream().map(note -> note.location().line()).toList());
  }

  @Test
  void recursionIsRefused() {
    Specialization specialization = Programs.specialize("""
        from kcc import *
        def f(x):
            return f(x - 1) if x > 0 else 0
        @kernel
        def k(n: i32):
            grid(1)
            y = f(n)
        """, Bindings.none());
    assertTrue(specialization.diagnostics().getFirst().text().contains("'f' calls itself"));
  }

  @Test
  void severalErrorsButNoEchoes() {
    Specialization specialization = Programs.specialize(Programs.HEADER + """
        a = zeroes([8], f32)
        b = a + 1
        for i in range(0, N, 8):
            x = X[row, i:i+9]
            c = foo(b)
        d = exp(b) + c
        """.indent(4), Bindings.none());
    assertNull(specialization.program());
    assertEquals(List.of(7, 10, 11), specialization.diagnostics().stream().map(d -> d.location().line()).toList(),
        specialization.diagnostics().toString());
  }

  @Test
  void interfaceOfKernels() {
    assertError("needs types or values for x_ptr, n, BLOCK",
        "add --signature \"x_ptr:*f32:16, n:i32\" -D BLOCK=1024", """
        import triton
        import triton.language as tl
        @triton.jit
        def k(x_ptr, n, BLOCK: tl.constexpr): pass
        """, Bindings.none());
    assertError("does not declare its grid", "start it with", "from kcc import *\n@kernel\ndef k(n: i32): pass\n", Bindings.none());
    assertError("has no parameter or size 'BB'", "did you mean 'BM'?",
        "from kcc import *\n@kernel\ndef k(n: i32, BM: const = 3): grid(1)\n", Bindings.none().withConstant("BB", "4"));
    assertError("needs types or values for BM", "add -D BM=64",
        "from kcc import *\n@kernel\ndef k(n: i32, BM: const = auto): grid(1)\n", Bindings.none());
    assertError("the value 'x y' given for 'BM' is no Python value", "such as",
        "from kcc import *\n@kernel\ndef k(n: i32, BM: const): grid(1)\n", Bindings.none().withConstant("BM", "x y"));
    assertError("3 is no type of a parameter", "use f16", "from kcc import *\n@kernel\ndef k(n: 3): grid(1)\n", Bindings.none());
    assertError("the size 'K' is no dimension", "add it to a Tensor[...]",
        "from kcc import *\nK = size(\"K\")\n@kernel\ndef k(n: i32): grid(K)\n", Bindings.none());
    assertError("of the grid cannot be computed by a launcher", "use sizes",
        "from kcc import *\n@kernel\ndef k(p: Pointer[i32]): grid(load(p))\n", Bindings.none());
  }

  private static void assertError(String text, String help, String source, Bindings bindings) {
    Specialization specialization = Programs.specialize(source, bindings);
    assertEquals(1, specialization.diagnostics().size(), specialization.diagnostics().toString());
    Diagnostic error = specialization.diagnostics().getFirst();
    assertTrue(error.text().contains(text), error.toString());
    assertTrue(error.help() != null && error.help().contains(help), error + " -- " + error.help());
  }

  @Test
  void deepExpressionsAreOneError() {
    String deep = "x = s" + " + s".repeat(1900);
    Specialization specialization = Programs.specialize(Programs.HEADER + deep.indent(4), Bindings.none());
    assertEquals(List.of(), specialization.diagnostics());
  }

  @Test
  void damagedKernelsNeverThrow() {
    String source = Programs.HEADER + """
        acc = zeros([C, 8], f32)
        for i in range(0, N, C):
            x = X[row, i:i+C]
            if n > 3 and s < 2.0:
                acc += x[:, None] * twice(1.5)
            else:
                acc = where(acc > 0, acc, -inf)
            while n < 10:
                n += 1
        X[row, 0:C] = sum(acc, axis=1) / max(s, 1.0)
        atomic_add(X[row, 0], exp2(s * LOG2E))
        store(p + arange(C), load(p + arange(C), mask=arange(C) < n, other=0.0))
        """.indent(4);
    assertEquals(List.of(), Programs.specialize(source, Bindings.none()).diagnostics());
    String[] words = source.split("(?<=\\W)|(?=\\W)");
    long seed = 42;
    Random random = new Random(seed);
    for (int round = 0; round < 3000; round++) {
      String[] damaged = words.clone();
      for (int i = 0; i <= random.nextInt(3); i++) {
        damaged[random.nextInt(damaged.length)] = words[random.nextInt(words.length)];
      }
      String text = String.join("", damaged);
      for (Kernel kernel : KernelFinder.find(SourceParser.parse(text, "k.py"))) {
        try {
          Specializer.specialize(kernel, Bindings.none());
        } catch (RuntimeException failure) {
          throw new AssertionError("seed " + seed + " round " + round + "\n" + text, failure);
        }
      }
    }
  }
}
