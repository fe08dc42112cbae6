// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.targets.nvidia;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import kcc.mlir.diag.Diagnostic;
import kcc.mlir.diag.InternalException;
import kcc.mlir.diag.KccException;
import kcc.mlir.diag.Outcome;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PtxAssemblerTest {
  private static final String PTX = """
      .version 8.6
      .target sm_90a
      .address_size 64
      .visible .entry k(.param .u64 p) {
        .reg .b64 %rd<2>;
        .reg .b32 %r<2>;
        ld.param.u64 %rd1, [p];
        mov.u32 %r1, 7;
        st.global.u32 [%rd1], %r1;
        ret;
      }
      """;

  @TempDir Path folder;

  private PtxAssembler fake(String script) throws IOException {
    Path bin = Files.createDirectories(folder.resolve("cuda/bin"));
    Path ptxas = Files.writeString(bin.resolve("ptxas"), "#!/bin/sh\n" + script + "\n");
    Files.setPosixFilePermissions(ptxas, PosixFilePermissions.fromString("rwxr-xr-x"));
    return PtxAssembler.find(Map.of("CUDA_HOME", folder.resolve("cuda").toString()));
  }

  @Test
  void cudaHomeComesFirst() throws IOException {
    PtxAssembler found = fake("echo 'Cuda compilation tools, release 13.0, V13.0.88'");
    assertEquals(folder.resolve("cuda/bin/ptxas").toString(), found.origin());
    assertEquals("13.0.88", found.version());
  }

  @Test
  void theMessageOfAFailingPtxasIsKept() throws IOException {
    PtxAssembler failing = fake("echo 'ptxas fatal : something about line 7' >&2; exit 3");
    InternalException error = assertThrows(InternalException.class, () -> failing.assemble(PTX, "sm_90a"));
    assertTrue(error.getMessage().contains("exit code 3") && error.getMessage().contains("something about line 7"), error.getMessage());
    assertEquals(PTX, Files.readString(error.reproducer()));
    Files.delete(error.reproducer());
  }

  @Test
  void anOldPtxasIsTheUsersAffair() throws IOException {
    PtxAssembler old = fake("echo \"ptxas fatal   : Value 'sm_100a' is not defined for option 'gpu-name'\"; exit 1");
    KccException error = assertThrows(KccException.class, () -> old.assemble(PTX, "sm_100a"));
    assertEquals(Outcome.USER_ERROR, error.outcome());
    assertTrue(error.diagnostics().getFirst().help().contains("too old"));
  }

  @Test
  void aProgramThatCannotRunIsNamed() throws IOException {
    PtxAssembler broken = fake("");
    Files.writeString(folder.resolve("cuda/bin/ptxas"), "\0no program");
    KccException error = assertThrows(KccException.class, () -> broken.assemble(PTX, "sm_90a"));
    assertTrue(error.getMessage().contains(folder.resolve("cuda/bin/ptxas").toString()), error.getMessage());
    assertEquals(Outcome.USER_ERROR, error.outcome());
  }

  @Test
  void withoutAnyAssemblerThePlacesAreListed() {
    assumeTrue(!Files.exists(Path.of("/usr/local/cuda/bin/ptxas")), "the toolkit's usual folder has one");
    Diagnostic error = missing();
    assertTrue(error.notes().stream().anyMatch(note -> note.text().contains("/nowhere/bin/ptxas")), error.notes().toString());
  }

  private Diagnostic missing() {
    return assertThrows(KccException.class, () -> PtxAssembler.find(Map.of("CUDA_HOME", "/nowhere", "HOME", folder.toString())))
        .diagnostics().getFirst();
  }

  @Test
  void theRealOneAssembles() {
    PtxAssembler assembler = PtxAssembler.find(System.getenv());
    Cubin cubin = assembler.assemble(PTX, "sm_90a");
    assertTrue(cubin.reports().get("k").registers() > 0);
    assertFalse(cubin.reports().get("k").spills());
    assertEquals(0x7F, cubin.image()[0]);
  }

  @Test
  void whatPtxasPrintsIsRead() {
    CubinReport report = CubinReport.parse("""
        ptxas info    : 0 bytes gmem
        ptxas info    : Compiling entry function 'gemm' for 'sm_90a'
        ptxas info    : (C7510) Potential Performance Loss: wgmma.mma_async instructions are serialized due to ...
        ptxas info    : Function properties for gemm
            16 bytes stack frame, 12 bytes spill stores, 24 bytes spill loads
        ptxas info    : Used 168 registers, used 2 barriers, 16 bytes cumulative stack size, 49152 bytes smem
        ptxas info    : Compile time = 20.1 ms
        """).get("gemm");
    assertEquals(168, report.registers());
    assertEquals(16, report.stackBytes());
    assertEquals(12, report.spillStoreBytes());
    assertEquals(24, report.spillLoadBytes());
    assertEquals(49152, report.sharedBytes());
    assertEquals(2, report.barriers());
    assertEquals(List.of(new CubinReport.Advisory("C7510",
        "(C7510) Potential Performance Loss: wgmma.mma_async instructions are serialized due to ...")), report.advisories());
    assertTrue(report.advisories().getFirst().isLoss());
    assertTrue(report.spills());
  }

  /// Runs where the library was fetched.
  @Test
  void theLibraryAssemblesToo() {
    Path cache = PtxAssembler.cacheFolder(System.getenv());
    assumeTrue(Files.isDirectory(cache), "libnvJitLink is not in " + cache);
    PtxAssembler library = assertInstanceOf(NvJitLink.class, NvJitLink.load(PtxAssembler.library(cache)));
    Cubin cubin = library.assemble(PTX, "sm_90a");
    assertTrue(cubin.reports().get("k").registers() > 0);
    InternalException error = assertThrows(InternalException.class, () -> library.assemble(PTX.replace("mov.u32", "mov.nonsense"), "sm_90a"));
    assertTrue(error.getMessage().contains("nonsense"), error.getMessage());
    assertTrue(List.of(library.version().split("\\.")).size() >= 2);
  }
}
