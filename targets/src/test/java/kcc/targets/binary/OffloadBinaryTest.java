// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.targets.binary;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import kcc.mlir.diag.KccException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OffloadBinaryTest {
  private static OffloadImage image(String arch, int bytes) {
    Map<String, String> strings = new LinkedHashMap<>();
    strings.put("triple", "nvptx64-nvidia-cuda");
    strings.put("arch", arch);
    strings.put("manifest", "{\"kernel\":\"größe\"}");
    byte[] content = new byte[bytes];
    new Random(bytes).nextBytes(content);
    return new OffloadImage(ImageKind.CUBIN, OffloadKind.CUDA, strings, content);
  }

  @Test
  void whatIsWrittenIsRead() {
    for (int bytes : new int[] {0, 1, 7, 8, 1000}) {
      List<OffloadImage> images = List.of(image("sm_90a", bytes), image("sm_100a", bytes + 3));
      byte[] file = OffloadBinary.write(images);
      assertEquals(0, file.length % 8);
      List<OffloadImage> back = OffloadBinary.read(file, "a.kcc");
      assertEquals(2, back.size());
      for (int i = 0; i < 2; i++) {
        assertEquals(images.get(i).strings(), back.get(i).strings());
        assertEquals(List.copyOf(images.get(i).strings().keySet()), List.copyOf(back.get(i).strings().keySet()));
        assertArrayEquals(images.get(i).content(), back.get(i).content());
        assertEquals(ImageKind.CUBIN, back.get(i).imageKind());
        assertEquals(OffloadKind.CUDA, back.get(i).offloadKind());
      }
      assertArrayEquals(file, OffloadBinary.write(back));
    }
  }

  @Test
  void foreignFilesAreNamed() {
    String message = assertThrows(KccException.class,
        () -> OffloadBinary.read("#!/bin/sh".getBytes(StandardCharsets.UTF_8), "x.kcc")).getMessage();
    assertTrue(message.contains("x.kcc is no .kcc file"), message);
    assertThrows(KccException.class, () -> OffloadBinary.read(new byte[0], "empty.kcc"));
    byte[] newer = OffloadBinary.write(List.of(image("sm_90a", 5)));
    newer[4] = 9;
    assertTrue(assertThrows(KccException.class, () -> OffloadBinary.read(newer, "x.kcc")).getMessage().contains("version 9"));
  }

  /// Cut anywhere but between two images, it is an error and nothing else.
  @Test
  void everyTruncationIsNoticed() {
    byte[] file = OffloadBinary.write(List.of(image("sm_90a", 40), image("gfx942", 9)));
    int second = OffloadBinary.write(List.of(image("sm_90a", 40))).length;
    for (int length = 0; length < file.length; length++) {
      byte[] cut = Arrays.copyOf(file, length);
      if (length == second) {
        assertEquals(1, OffloadBinary.read(cut, "cut.kcc").size());
      } else {
        assertThrows(KccException.class, () -> OffloadBinary.read(cut, "cut.kcc"), "cut at " + length);
      }
    }
  }

  /// Any single byte may be wrong; the reader either reads or reports.
  @Test
  void damageNeverEscapesAsAnotherException() {
    byte[] file = OffloadBinary.write(List.of(image("sm_90a", 40)));
    for (int at = 0; at < file.length; at++) {
      for (int value : new int[] {0x00, 0x7F, 0x80, 0xFF}) {
        byte[] damaged = file.clone();
        damaged[at] = (byte) value;
        try {
          OffloadBinary.read(damaged, "damaged.kcc");
        } catch (KccException expected) {
          assertEquals("KCC4010", expected.diagnostics().getFirst().code());
        }
      }
    }
  }

  /// LLVM's own tool finds the images by their keys and extracts them byte for byte.
  @Test
  void llvmReadsIt(@TempDir Path folder) throws Exception {
    OffloadImage cubin = image("sm_90a", 1001);
    OffloadImage other = image("sm_100a", 17);
    Path file = Files.write(folder.resolve("a.kcc"), OffloadBinary.write(List.of(cubin, other)));
    Path extracted = folder.resolve("image");
    Path tool = kcc.mlir.raw.NativeLibraries.llvmHome().resolve("bin/llvm-offload-binary");
    Process process = new ProcessBuilder(tool.toString(), file.toString(),
        "--image=file=" + extracted + ",triple=nvptx64-nvidia-cuda,arch=sm_90a").redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), said);
    assertArrayEquals(cubin.content(), Files.readAllBytes(extracted));
  }
}
