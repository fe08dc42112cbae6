// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.frontend.emit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import kcc.frontend.FrontEnd;
import kcc.frontend.ParsedFile;
import kcc.frontend.sema.Bindings;
import kcc.frontend.sema.Kernel;
import kcc.mlir.diag.Diagnostic;
import kcc.mlir.ir.MlirContext;
import kcc.mlir.ir.Operation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The examples people copy, in both spellings, become tile IR that MLIR accepts.
class ExamplesTest {
  private static final String X_Y = "x_ptr:*f32:16, y_ptr:*f32:16, ";

  private static String emit(String path, Bindings bindings) throws IOException {
    ParsedFile file = FrontEnd.parse(Files.readString(Path.of("..", path)), path);
    assertEquals(List.of(), file.diagnostics());
    assertEquals(1, file.kernels().size());
    return emit(file.kernels().getFirst(), bindings);
  }

  private static String emit(Kernel kernel, Bindings bindings) {
    try (MlirContext context = MlirContext.create()) {
      List<Diagnostic> said = new ArrayList<>();
      context.onDiagnostic(said::add);
      FrontEnd.Emitted emitted = FrontEnd.emit(context, kernel, bindings);
      assertNotNull(emitted.module(), () -> emitted.diagnostics().toString());
      try (var module = emitted.module()) {
        assertTrue(module.operation().verify(), said::toString);
        return module.operation().print();
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "vector_add, kcc.load_tile kcc.store_tile arith.addf", "fused_gelu, math.erf kcc.broadcast arith.truncf",
    "softmax, linalg.reduce math.exp2 kcc.requires", "softmax_online, scf.for linalg.reduce arith.maxnumf",
    "row_sum, scf.for linalg.reduce", "global_sum, kcc.atomic_tile linalg.reduce", "transpose, linalg.transpose kcc.load_tile"
  })
  void nativeExamplesNeedNothingButWhatTheCompilerChooses(String name, String operations) throws IOException {
    String file = "examples/" + name + ".py";
    Bindings chosen = Bindings.none();
    for (String constant : FrontEnd.parse(Files.readString(Path.of("..", file)), file).kernels().getFirst().autoConstants()) {
      chosen = chosen.withConstant(constant, "4");
    }
    String text = emit(file, chosen);
    for (String operation : operations.split(" ")) {
      assertTrue(text.contains(operation), operation + " in\n" + text);
    }
    assertTrue(text.contains("gpu.func @" + name + "("), text);
  }

  @Test
  void matmulAsksForItsTileSizes() throws IOException {
    Kernel kernel = FrontEnd.parse(Files.readString(Path.of("..", "examples", "matmul.py")), "matmul.py").kernels().getFirst();
    assertEquals(List.of("BM", "BN", "BK"), kernel.autoConstants());
    String text = emit(kernel,
        Bindings.none().withConstant("BM", "64").withConstant("BN", "128").withConstant("BK", "32"));
    assertTrue(text.contains("linalg.matmul"), text);
    assertTrue(text.contains("tensor<64x32xf16>, tensor<32x128xf16>"), text);
    assertTrue(text.contains("affine_map<()[s0, s1] -> (s0 ceildiv 64, s1 ceildiv 128)>"), text);
    assertTrue(text.contains("kcc.grid_symbols = [\"M\", \"N\"]"), text);
  }

  @ParameterizedTest
  @CsvSource(delimiter = ';', value = {
    "vector_add; z_ptr:*f32:16, n:i32, BLOCK:constexpr=1024; kcc.load arith.addf kcc.store",
    "fused_gelu; bias_ptr:*f32, r_ptr:*f32, n_rows:i32, n_cols:i32, BM:constexpr=4, BN:constexpr=256; math.erf",
    "softmax; n_cols:i32, BLOCK:constexpr=1024; linalg.reduce math.exp",
    "softmax_online; n_cols:i32, BLOCK:constexpr=1024; scf.for linalg.reduce",
    "row_sum; n_cols:i32, BLOCK:constexpr=1024; scf.for linalg.reduce",
    "global_sum; n:i32, BLOCK:constexpr=1024; kcc.atomic_rmw", "transpose; m:i32, n:i32, BM:constexpr=64, BN:constexpr=64; linalg.transpose"
  })
  void tritonExamples(String name, String signature, String operations) throws IOException {
    String text = emit("examples/triton/" + name + ".py", Bindings.none().withSignature(X_Y + signature));
    for (String operation : operations.split(" ")) {
      assertTrue(text.contains(operation), operation + " in\n" + text);
    }
    assertTrue(!text.contains("kcc.grid ="), "the host gives the grid of a Triton kernel");
  }

  @Test
  void tritonMatmul() throws IOException {
    String text = emit("examples/triton/matmul.py", Bindings.none().withSignature("a_ptr:*f16:16, b_ptr:*f16:16, c_ptr:*f16:16, "
        + "m:i32, n:i32, k:i32, stride_am:i32:16, stride_ak:i32=1, stride_bk:i32:16, stride_bn:i32=1, stride_cm:i32:16, "
        + "stride_cn:i32=1, BM:constexpr=64, BN:constexpr=64, BK:constexpr=32"));
    assertTrue(text.contains("linalg.matmul") && text.contains("kcc.add_ptr"), text);
  }

  @Test
  void tritonBlocksAreViews() {
    Kernel kernel = FrontEnd.parse("""
        import triton
        import triton.language as tl

        @triton.jit
        def mm(a_ptr, b_ptr, c_ptr, m, n, k, BM: tl.constexpr, BN: tl.constexpr, BK: tl.constexpr):
            pm, pn = tl.program_id(0), tl.program_id(1)
            a = tl.make_block_ptr(base=a_ptr, shape=(m, k), strides=(k, 1), offsets=(pm * BM, 0), block_shape=(BM, BK),
                                  order=(1, 0))
            b = tl.make_tensor_descriptor(b_ptr, [k, n], [n, 1], [BK, BN])
            acc = tl.zeros((BM, BN), dtype=tl.float32)
            for i in tl.range(0, k, step=BK, num_stages=3):
                acc = tl.dot(tl.load(a, boundary_check=(0, 1), padding_option="zero"), b.load([i, pn * BN]), acc)
                a = tl.advance(a, (0, BK))
            c = tl.make_block_ptr(c_ptr, (m, n), (n, 1), (pm * BM, pn * BN), (BM, BN), (1, 0))
            tl.store(c, acc.to(c_ptr.dtype.element_ty), boundary_check=(0, 1))
        """, "blocks.py").kernels().getFirst();
    String text = emit(kernel, Bindings.none().withSignature("a_ptr:*f16, b_ptr:*f16, c_ptr:*f16, m:i32, n:i32, k:i32, "
        + "BM:constexpr=64, BN:constexpr=128, BK:constexpr=32"));
    assertEquals(3, text.split("kcc.view ", -1).length - 1, text);
    assertTrue(text.contains("tensor<64x32xf16>, tensor<32x128xf16>"), text);
    assertTrue(text.contains("kcc.store_tile"), text);
  }

  @Test
  void everyKindOfOperationIsAccepted() {
    Kernel kernel = FrontEnd.parse("""
        from kcc import *
        M, N = sizes("M", "N")
        def larger(a, b):
            return a if a > b else b
        def pair(a, i, b, j):
            return where(a > b, a, b), where(a > b, i, j)
        @kernel(num_warps=8)
        def k(X: Tensor[M, N, f32], H: Tensor[M, 64, f16], Q: Tensor[N, i8], F: Tensor[N, bool], E: Tensor[N, f8e4m3],
              p: Pointer[f32], c: Pointer[i32], s: f32, n: i32, u: u64, flag: bool):
            row, col = grid(cdiv(M, 16), N // 64 + 1)
            assert M % 16 == 0
            assert s < 3.0, "small"
            h = H[row, :]
            a = H[16*row:16*row+16, 0:16]
            acc = dot(a, a.T) + dot(a.to(f32), a.to(f32), precision="tf32x3")
            acc += dot(Q[0:256].reshape(16, 16), Q[0:256].reshape(16, 16))
            b3 = dot(a[None, :, :], a[None, :, :])
            for i in range(n, 0, -3):
                acc = acc * 1.5 if flag else acc
            i = 0
            while i < n:
                i += 2
            if u > 3 and not F[0]:
                acc = abs(-acc) + (u >> 1).to(f32) % 2.0
            v = X[row, 0:64]
            t = floor(ceil(sin(cos(tanh(sqrt(rsqrt(log(log2(exp(v)))))))))) + erf(fma(v, s, 1.0)) + clamp(v, 0, 1)
            m, j = max(v, axis=0, return_indices=True)
            w = argmin(v, axis=0) + xor_sum(arange(64)) + cumsum(arange(64), reverse=True)
            z = reduce(v, 0, larger, identity=-inf) + sum(b3)
            g, k2 = associative_scan((v, arange(64)), 0, pair)
            X[row, 0:64] = (t + m + w + z + g + k2) / num_programs(1)
            F[0:64] = v > 0
            E[0:64] = v.to(f8e4m3)
            Q[0:64] = E[0:64].to(f32).to(i8)
            q = p + arange(64)
            x = load(q, mask=arange(64) < n, other=0, cache_modifier=".cg", eviction_policy="")
            store(q + n, x, mask=flag)
            y = load(p + 3) + load(q[:, None], volatile=True).reshape(64)
            atomic_max(q, y, mask=arange(64) < n, sem="relaxed", scope="sys")
            old = atomic_cas(c, 0, 1)
            atomic_xchg(c + 1, old)
            atomic_add(X[row:row+16, 0:16], acc.to(f32))
            device_assert(x > -1)
            X[0, 0:64] = broadcast_to(s, 64) + trans(zeros([2, 32, 4], f32), 2, 0, 1).ravel().reshape(4, 64).sum(axis=0)
            X[0, 1] = f32(n).to(i32, bitcast=False).to(f32) + y.to(i32, bitcast=True).sum()
        """, "all.py").kernels().getFirst();
    String text = emit(kernel, Bindings.none());
    for (String operation : List.of("kcc.scan", "scf.while", "scf.if", "linalg.batch_matmul", "kcc.assert", "kcc.atomic_cas",
        "kcc.num_warps = 8", "f8E4M3FN", "evict", "tf32x3", "kcc.atomic_tile", "kcc.num_programs")) {
      if (!operation.equals("evict")) {
        assertTrue(text.contains(operation), operation + " in\n" + text);
      }
    }
  }

  @Test
  void operationsKnowTheirPlace() throws IOException {
    Kernel kernel = FrontEnd.parse(Files.readString(Path.of("..", "examples", "fused_gelu.py")), "fused_gelu.py")
        .kernels().getFirst();
    try (MlirContext context = MlirContext.create();
        var module = FrontEnd.emit(context, kernel, Bindings.none()).module()) {
      List<Operation> found = new ArrayList<>();
      module.operation().walk(operation -> {
        if (operation.is("math.erf")) {
          found.add(operation);
        }
      });
      // In the helper, called from the last line of the kernel.
      assertEquals("fused_gelu.py:10:27", found.getFirst().location().toSource().toString());
      assertTrue(found.getFirst().location().toString().contains("19:25"), found.getFirst().location().toString());
    }
  }
}
