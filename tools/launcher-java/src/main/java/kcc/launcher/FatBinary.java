// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.launcher;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A {@code .kcc} file: LLVM offload binaries, one behind the other, each image with a manifest. */
public record FatBinary(String origin, List<Image> images) {
  private static final int MAGIC = 0xAD10FF10; // bytes 10 FF 10 AD, read as little-endian
  private static final int HEADER_BYTES = 32;
  private static final int ENTRY_BYTES = 40;
  private static final int STRING_BYTES = 16;

  public FatBinary {
    images = List.copyOf(images);
  }

  public static FatBinary read(Path path) {
    try {
      return parse(Files.readAllBytes(path), path.toString());
    } catch (NoSuchFileException missing) {
      throw new LauncherException("there is no file '" + path + "'", missing);
    } catch (IOException failure) {
      throw new LauncherException("cannot read '%s': %s".formatted(path, failure.getMessage()), failure);
    }
  }

  /** @param origin what to call the file in messages */
  public static FatBinary parse(byte[] content, String origin) {
    ByteBuffer file = ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN).asReadOnlyBuffer();
    file.order(ByteOrder.LITTLE_ENDIAN);
    List<Image> images = new ArrayList<>();
    int start = 0;
    while (start < content.length) {
      if (content.length - start < 4 || file.getInt(start) != MAGIC) {
        throw new LauncherException(
            start == 0
                ? origin + " is not a .kcc file: it does not begin with the magic bytes 10 FF 10 AD"
                : "%s is damaged: no image begins at byte %d, where the one before ends".formatted(origin, start));
      }
      int end = readBinary(file, start, content.length, origin, images);
      start = end;
    }
    if (images.isEmpty()) {
      throw new LauncherException(origin + " is empty, not a .kcc file");
    }
    return new FatBinary(origin, images);
  }

  /** Reads one offload binary and returns where it ends. */
  private static int readBinary(ByteBuffer file, int start, int length, String origin, List<Image> images) {
    if (length - start < HEADER_BYTES) {
      throw truncated(origin, start + (long) HEADER_BYTES, length);
    }
    int version = file.getInt(start + 4);
    long size = file.getLong(start + 8);
    long entryOffset = file.getLong(start + 16);
    if (version != 1) {
      throw new LauncherException(
          "%s is an offload binary of version %d; this launcher reads version 1".formatted(origin, version));
    }
    if (size < HEADER_BYTES || size > length - start) {
      throw truncated(origin, start + size, length);
    }
    ByteBuffer binary = file.slice(start, (int) size).order(ByteOrder.LITTLE_ENDIAN);
    try {
      images.add(readEntry(binary, Math.toIntExact(entryOffset), origin));
    } catch (IndexOutOfBoundsException | ArithmeticException outside) {
      throw new LauncherException(
          "%s is damaged: the image at byte %d points outside of the file".formatted(origin, start), outside);
    }
    return start + (int) size;
  }

  private static Image readEntry(ByteBuffer binary, int entry, String origin) {
    if (entry < 0 || entry > binary.capacity() - ENTRY_BYTES) {
      throw new IndexOutOfBoundsException(entry);
    }
    int stringTable = Math.toIntExact(binary.getLong(entry + 8));
    int stringCount = Math.toIntExact(binary.getLong(entry + 16));
    int imageOffset = Math.toIntExact(binary.getLong(entry + 24));
    int imageSize = Math.toIntExact(binary.getLong(entry + 32));
    Map<String, String> strings = new LinkedHashMap<>();
    for (int i = 0; i < stringCount; i++) {
      int at = Math.addExact(stringTable, Math.multiplyExact(i, STRING_BYTES));
      strings.put(
          string(binary, Math.toIntExact(binary.getLong(at))), string(binary, Math.toIntExact(binary.getLong(at + 8))));
    }
    String manifest = strings.remove("manifest");
    if (manifest == null) {
      throw new LauncherException(
          "%s is an offload binary, but not one of kcc: its image for '%s' has no manifest"
              .formatted(origin, strings.getOrDefault("arch", "?")));
    }
    return new Image(strings, binary.slice(imageOffset, imageSize), Manifest.parse(manifest, origin));
  }

  private static String string(ByteBuffer binary, int start) {
    int end = start;
    while (binary.get(end) != 0) {
      end++;
    }
    byte[] bytes = new byte[end - start];
    binary.get(start, bytes);
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private static LauncherException truncated(String origin, long needed, long has) {
    return new LauncherException(
        "%s is cut short or damaged: it should have %d bytes or more, it has %d".formatted(origin, needed, has));
  }

  /** The names of all kernels in the file, in its order. */
  public Set<String> kernels() {
    Set<String> names = new LinkedHashSet<>();
    for (Image image : images) {
      names.add(image.kernel());
    }
    return names;
  }

  /** The image that computes the kernel in f64. */
  public Image reference(String kernel) {
    for (Image image : images) {
      if (image.kernel().equals(kernel) && image.isReference()) {
        return image;
      }
    }
    throw new LauncherException(
        "%s has no reference image of '%s': compile it with --with-reference".formatted(origin, kernel));
  }

  /**
   * The images of a kernel that a device runs, at least one: variants for different arguments, in the order in which
   * they are to be tried.
   */
  public List<Image> select(String kernel, Device device) {
    List<Image> variants = new ArrayList<>();
    List<String> present = new ArrayList<>();
    for (Image image : images) {
      if (image.kernel().equals(kernel) && !image.isReference()) {
        if (device.runs(image) && (variants.isEmpty() || variants.get(0).arch().equals(image.arch()))) {
          variants.add(image);
        }
        present.add("%s (%s)".formatted(image.target(), image.arch()));
      }
    }
    if (!variants.isEmpty()) {
      return List.copyOf(variants);
    }
    if (present.isEmpty()) {
      throw new LauncherException(
          "%s has no kernel '%s'; it has %s".formatted(origin, kernel, String.join(", ", kernels())));
    }
    throw new LauncherException(
        "%s has no image of '%s' for %s (%s); it has %s: compile with a --target for this device"
            .formatted(origin, kernel, device.name(), device.architecture(), String.join(", ", present)));
  }
}
