// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.launcher.npy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import kcc.launcher.ElementType;
import kcc.launcher.HostArray;
import kcc.launcher.LauncherException;
import kcc.launcher.RandomValues;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class NpyFileTest {
  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource(ElementType.class)
  void readsBackWhatItWrote(ElementType type) {
    for (List<Long> shape : List.of(List.<Long>of(), List.of(5L), List.of(3L, 4L), List.of(2L, 0L), List.of(2L, 3L, 5L))) {
      HostArray array = HostArray.zeros(type, shape);
      RandomValues.fill(array, 7);
      Path path = folder.resolve("a.npy");
      NpyFile.write(path, array);
      HostArray back = NpyFile.read(path).as(type);
      assertEquals(shape, back.shape());
      for (long i = 0; i < array.elementCount(); i++) {
        assertEquals(array.get(i), back.get(i));
      }
    }
  }

  @Test
  void dataBeginsAtAMultipleOf64() throws IOException {
    Path path = folder.resolve("a.npy");
    NpyFile.write(path, HostArray.zeros(ElementType.F32, List.of(3L)));
    byte[] bytes = Files.readAllBytes(path);
    assertEquals(0, (bytes.length - 12) % 64);
    String header = new String(bytes, 10, bytes.length - 22, StandardCharsets.US_ASCII);
    assertTrue(header.startsWith("{'descr': '<f4', 'fortran_order': False, 'shape': (3,), }"), header);
    assertTrue(header.endsWith("\n"));
  }

  @ParameterizedTest
  @EnumSource(
      value = ElementType.class,
      names = {"F32", "I64", "U16"})
  void columnMajorAndBigEndianBecomeRowMajorAndLittleEndian(ElementType type) throws IOException {
    // Element (i, j) is 10 i + j; stored column by column.
    ByteBuffer data = ByteBuffer.allocate(6 * type.bytes()).order(ByteOrder.BIG_ENDIAN);
    for (int j = 0; j < 3; j++) {
      for (int i = 0; i < 2; i++) {
        switch (type) {
          case F32 -> data.putFloat(10 * i + j);
          case I64 -> data.putLong(10 * i + j);
          case U16 -> data.putShort((short) (10 * i + j));
          default -> throw new AssertionError(type);
        }
      }
    }
    String description = ">" + NpyHeader.description(type).substring(1);
    for (int version = 1; version <= 3; version++) {
      Path path = file(version, "{'descr': '" + description + "', 'fortran_order': True, 'shape': (2, 3)}", data.array());
      HostArray array = NpyFile.read(path);
      assertEquals(List.of(2L, 3L), array.shape());
      for (long index = 0; index < 6; index++) {
        List<Long> at = array.coordinates(index);
        assertEquals(10.0 * at.get(0) + at.get(1), array.get(index));
      }
    }
  }

  private Path file(int version, String header, byte[] data) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.writeBytes(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', (byte) version, 0});
    int lengthBytes = version == 1 ? 2 : 4;
    ByteBuffer length = ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(header.length());
    bytes.write(length.array(), 0, lengthBytes);
    bytes.writeBytes(header.getBytes(StandardCharsets.UTF_8));
    bytes.writeBytes(data);
    Path path = folder.resolve("v" + version + ".npy");
    Files.write(path, bytes.toByteArray());
    return path;
  }

  private void assertFails(Path path, String expected) {
    LauncherException error = assertThrows(LauncherException.class, () -> NpyFile.read(path));
    assertTrue(error.getMessage().contains(expected), error.getMessage());
  }

  @Test
  void badFilesAreNamedAndExplained() throws IOException {
    assertFails(folder.resolve("none.npy"), "there is no file");
    Path text = Files.writeString(folder.resolve("text.npy"), "hello, this is no array");
    assertFails(text, "is not a .npy file");
    assertFails(Files.write(folder.resolve("empty.npy"), new byte[0]), "is not a .npy file");
    assertFails(file(1, "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }", new byte[23]), "takes 24 bytes");
    assertFails(file(1, "{'descr': '<c8', 'fortran_order': False, 'shape': (2,), }", new byte[16]), "'<c8'");
    assertFails(file(1, "{'descr': '<f4', 'shape': (2,), }", new byte[8]), "'fortran_order'");
    assertFails(file(9, "{}", new byte[8]), "version 9.0");
    assertFails(file(1, "{'descr': '<f4', 'fortran_order': False, 'shape': (-2,), }", new byte[8]), "negative extent");
    Path whole = file(1, "{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }", new byte[8]);
    byte[] bytes = Files.readAllBytes(whole);
    for (int length = 0; length < bytes.length; length++) {
      Path cut = Files.write(folder.resolve("cut.npy"), Arrays.copyOf(bytes, length));
      assertThrows(LauncherException.class, () -> NpyFile.read(cut));
    }
  }

  @Test
  void aFailedWriteLeavesNothing() throws IOException {
    Path inNoFolder = folder.resolve("none/a.npy");
    assertThrows(
        LauncherException.class, () -> NpyFile.write(inNoFolder, HostArray.zeros(ElementType.I8, List.of(1L))));
    assertFalse(Files.exists(inNoFolder));
    try (var files = Files.list(folder)) {
      assertEquals(0, files.count());
    }
  }
}
