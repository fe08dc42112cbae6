// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.launcher;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** Writes files that appear whole or not at all. */
public final class AtomicFile {
  /** Writes the content of a file. */
  @FunctionalInterface
  public interface Content {
    void writeTo(FileChannel channel) throws IOException;
  }

  private AtomicFile() {}

  /** Writes beside the target, then renames over it; on any failure the target is what it was before. */
  public static void write(Path path, Content content) {
    Path target = path.toAbsolutePath().normalize();
    checkWritable(path);
    Path temporary = target.resolveSibling("." + target.getFileName() + "." + ProcessHandle.current().pid() + ".tmp");
    try {
      try (FileChannel channel =
          FileChannel.open(
              temporary, StandardOpenOption.WRITE, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING)) {
        content.writeTo(channel);
      }
      Files.move(temporary, target, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException failure) {
      throw new LauncherException("cannot write '%s': %s".formatted(path, reason(failure)), failure);
    } finally {
      deleteIfThere(temporary);
    }
  }

  /** The same for content that is there already; the buffer's position is left where it was. */
  public static void write(Path path, ByteBuffer content) {
    write(path, channel -> {
      ByteBuffer rest = content.duplicate();
      while (rest.hasRemaining()) {
        channel.write(rest);
      }
    });
  }

  /** Fails now, rather than after long work, when the path can be seen to be one that cannot be written. */
  public static void checkWritable(Path path) {
    Path target = path.toAbsolutePath().normalize();
    if (Files.isDirectory(target)) {
      throw new LauncherException("cannot write '%s': it is a folder; name a file in it".formatted(path));
    }
    if (Files.exists(target) && !Files.isRegularFile(target)) {
      throw new LauncherException("cannot write '%s': it is not a regular file".formatted(path));
    }
    Path folder = target.getParent();
    if (folder == null || !Files.isDirectory(folder)) {
      throw new LauncherException(
          "cannot write '%s': there is no folder '%s'; create it first".formatted(path, folder));
    }
    if (!Files.isWritable(folder)) {
      throw new LauncherException("cannot write '%s': no permission to write in '%s'".formatted(path, folder));
    }
  }

  private static String reason(IOException failure) {
    if (failure instanceof AccessDeniedException) {
      return "no permission";
    }
    if (failure instanceof NoSuchFileException) {
      return "its folder does not exist";
    }
    if (failure instanceof FileSystemException system && system.getReason() != null) {
      return system.getReason();
    }
    return failure.getMessage();
  }

  private static void deleteIfThere(Path temporary) {
    try {
      Files.deleteIfExists(temporary);
    } catch (IOException failure) {
      // What made the write fail is the thing to report.
    }
  }
}
