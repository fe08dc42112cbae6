// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.launcher;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class FatBinaryTest {
  private static final byte[] CODE = {1, 2, 3, 4, 5};

  private static byte[] image(String kernel, String target) {
    String manifest =
        """
        {"format":1,"kernel":"%s","symbol":"%s","target":"%s","arch":"sm_90a",        "parameters":[],"arguments":[],"grid":["1"],"block":[32,1,1]}"""
            .formatted(kernel, kernel, target);
    Map<String, String> strings = new LinkedHashMap<>();
    strings.put("triple", "nvptx64-nvidia-cuda");
    strings.put("arch", "sm_90a");
    strings.put("manifest", manifest);
    return OffloadBinaryBytes.of(strings, CODE);
  }

  private static byte[] twoImages() {
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    file.writeBytes(image("add", "h100"));
    file.writeBytes(image("scale", "h100"));
    return file.toByteArray();
  }

  @Test
  void readsEveryImage() {
    FatBinary binary = FatBinary.parse(twoImages(), "x.kcc");
    assertEquals(Set.of("add", "scale"), binary.kernels());
    assertArrayEquals(CODE, binary.images().get(1).copyBytes());
    assertEquals("sm_90a", binary.images().get(0).arch());
  }

  @Test
  void everyTruncationIsAnError() {
    byte[] whole = twoImages();
    int first = image("add", "h100").length;
    for (int length = 0; length < whole.length; length++) {
      byte[] cut = Arrays.copyOf(whole, length);
      if (length == first) {
        continue; // the first image alone is a whole file
      }
      LauncherException error = assertThrows(LauncherException.class, () -> FatBinary.parse(cut, "x.kcc"));
      assertTrue(error.getMessage().contains("x.kcc"), error.getMessage());
    }
  }

  @Test
  void damagedBytesNeverEndInAnythingButALauncherException() {
    long seed = 11;
    SplittableRandom random = new SplittableRandom(seed);
    byte[] whole = twoImages();
    for (int i = 0; i < 5_000; i++) {
      byte[] damaged = whole.clone();
      int at = random.nextInt(damaged.length);
      damaged[at] = (byte) random.nextInt();
      try {
        FatBinary.parse(damaged, "x.kcc");
      } catch (LauncherException expected) {
        // A clear refusal is what we want; some bytes do not matter and are accepted.
      } catch (RuntimeException other) {
        throw new AssertionError("seed " + seed + ", round " + i + ", byte " + at, other);
      }
    }
  }

  @Test
  void foreignFilesAreNamed() {
    byte[] elf = {0x7f, 'E', 'L', 'F', 2, 1, 1, 0};
    LauncherException error = assertThrows(LauncherException.class, () -> FatBinary.parse(elf, "a.o"));
    assertTrue(error.getMessage().startsWith("a.o is not a .kcc file"), error.getMessage());
    byte[] noManifest = OffloadBinaryBytes.of(Map.of("arch", "gfx906"), CODE);
    error = assertThrows(LauncherException.class, () -> FatBinary.parse(noManifest, "b.bin"));
    assertTrue(error.getMessage().contains("not one of kcc"), error.getMessage());
  }
}
