// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.cli;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import kcc.cli.inspect.AmdCode;
import kcc.cli.inspect.MemoryInstructions;
import kcc.cli.inspect.NvidiaCode;
import kcc.launcher.AtomicFile;
import kcc.launcher.FatBinary;
import kcc.launcher.Image;
import kcc.launcher.LauncherException;
import kcc.launcher.Manifest;
import kcc.mlir.diag.Outcome;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Option;
import org.apache.commons.cli.Options;

/// `kcc inspect`: what is in a fat binary.
final class InspectCommand implements Command {
  private static final String NOT_KNOWN = "-";

  @Override
  public String name() {
    return "inspect";
  }

  @Override
  public String summary() {
    return "show the images of a .kcc file: registers, spills, shared memory, manifest, machine code";
  }

  @Override
  public String synopsis() {
    return "FILE.kcc [--kernel NAME] [--target CHIP] [--accesses | --manifest | --disassemble | --extract DIR]";
  }

  @Override
  public String details() {
    return "";
  }

  @Override
  public Options options() {
    return new Options()
        .addOption(Option.builder("k").longOpt("kernel").hasArg().argName("NAME").desc("only this kernel").get())
        .addOption(Option.builder("t").longOpt("target").hasArg().argName("CHIP").desc("only this chip").get())
        .addOption(Option.builder("a").longOpt("accesses")
            .desc("count the instructions that touch memory, by the bytes a thread moves").get())
        .addOption(Option.builder("m").longOpt("manifest").desc("print the manifests").get())
        .addOption(Option.builder("d").longOpt("disassemble").desc("print the machine code").get())
        .addOption(Option.builder("x").longOpt("extract").hasArg().argName("DIR").desc("write the images and their manifests as files").get());
  }

  @Override
  public Outcome run(CommandLine line, Terminal terminal) {
    Path file = SingleFile.of(line, "kcc inspect FILE.kcc");
    FatBinary binary = FatBinary.read(file);
    List<Image> images = select(binary, line.getOptionValue("kernel"), line.getOptionValue("target"));
    if (line.hasOption("accesses")) {
      terminal.out().print(accesses(images));
    } else if (line.hasOption("manifest")) {
      for (Image image : images) {
        terminal.out().println(image.manifest().pretty());
      }
    } else if (line.hasOption("disassemble")) {
      for (Image image : images) {
        terminal.out().printf("// %s for %s (%s)%n%s%n", image.kernel(), image.target(), image.arch(), disassemble(image));
      }
    } else if (line.hasOption("extract")) {
      extract(images, Path.of(line.getOptionValue("extract")), terminal);
    } else {
      terminal.out().print(table(images));
    }
    return Outcome.DONE;
  }

  private static List<Image> select(FatBinary binary, String kernel, String target) {
    List<Image> selected = new ArrayList<>();
    List<String> present = new ArrayList<>();
    for (Image image : binary.images()) {
      present.add(image.kernel() + " for " + image.target());
      if ((kernel == null || kernel.equals(image.kernel())) && (target == null || target.equals(image.target()))) {
        selected.add(image);
      }
    }
    if (selected.isEmpty()) {
      throw new LauncherException(
          "%s has no such image; it has %s".formatted(binary.origin(), String.join(", ", present)));
    }
    return selected;
  }

  private static String table(List<Image> images) {
    List<String> header = new ArrayList<>(List.of(
        "kernel", "target", "arch", "registers", "spills (B)", "stack (B)", "shared (B)", "block", "cluster", "code (B)"));
    // Few kernels have them, so most tables do without.
    boolean persistent = false;
    boolean mapped = false;
    for (Image image : images) {
      persistent |= image.manifest().persistent() > 0;
      mapped |= !image.manifest().tensorMaps().isEmpty();
    }
    if (persistent) {
      header.add("persistent");
    }
    if (mapped) {
      header.add("tensor maps");
    }
    Table table = new Table(header.toArray(String[]::new));
    for (Image image : images) {
      JsonObject json = image.manifest().json();
      List<Object> row = new ArrayList<>(List.of(
          named(image),
          image.target(),
          image.arch(),
          number(json, "registers"),
          number(json, "spillBytes"),
          number(json, "stackBytes"),
          image.manifest().staticShared() + image.manifest().dynamicShared(),
          extents(image.manifest().block()),
          extents(image.manifest().cluster()),
          image.bytes().remaining()));
      if (persistent) {
        row.add(number(json, "persistent"));
      }
      if (mapped) {
        row.add(tensorMaps(image.manifest()));
      }
      table.row(row.toArray());
    }
    return table.render();
  }

  /// Such as `A 128x64`.
  private static String tensorMaps(Manifest manifest) {
    List<String> texts = new ArrayList<>();
    for (Manifest.TensorMap map : manifest.tensorMaps()) {
      texts.add(map.parameter() + " " + extents(map.box()));
    }
    return texts.isEmpty() ? NOT_KNOWN : String.join(", ", texts);
  }

  private static String accesses(List<Image> images) {
    Table table = new Table("kernel", "target", "loads", "stores", "copies to shared", "atomics", "scratch");
    for (Image image : images) {
      MemoryInstructions memory = memory(image);
      List<String> cells = new ArrayList<>(List.of(named(image), image.target()));
      for (MemoryInstructions.Kind kind : MemoryInstructions.Kind.values()) {
        String text = memory == null ? NOT_KNOWN : memory.text(kind);
        cells.add(text.isEmpty() ? "0" : text);
      }
      table.row(cells.toArray());
    }
    return table.render();
  }

  /// Null for code of the host, where any instruction may touch memory.
  private static MemoryInstructions memory(Image image) {
    if (image.triple().startsWith("nvptx")) {
      try {
        return NvidiaCode.memory(image.copyBytes());
      } catch (IllegalArgumentException damaged) {
        throw new LauncherException("the image of '%s' for %s cannot be read: %s"
            .formatted(image.kernel(), image.target(), damaged.getMessage()), damaged);
      }
    }
    return image.triple().startsWith("amdgcn") ? AmdCode.memory(disassemble(image)) : null;
  }

  private static String named(Image image) {
    return image.variant().isEmpty() ? image.kernel() : image.kernel() + "-" + image.variant();
  }

  private static String number(JsonObject json, String key) {
    JsonElement value = json.get(key);
    return value == null || value.isJsonNull() ? NOT_KNOWN : value.getAsString();
  }

  private static String extents(List<Integer> extents) {
    if (extents.isEmpty()) {
      return NOT_KNOWN;
    }
    List<String> texts = new ArrayList<>();
    for (int extent : extents) {
      texts.add(Integer.toString(extent));
    }
    return String.join("x", texts);
  }

  private static void extract(List<Image> images, Path folder, Terminal terminal) {
    try {
      Files.createDirectories(folder);
    } catch (IOException failure) {
      throw new LauncherException("cannot create the folder '%s': %s".formatted(folder, failure.getMessage()), failure);
    }
    StringBuilder order = new StringBuilder();
    for (Image image : images) {
      Path file = folder.resolve("%s.%s.%s".formatted(named(image), image.target(), extension(image)));
      order.append(file.getFileName()).append('\n');
      AtomicFile.write(file, image.bytes());
      terminal.out().println(file);
      Path manifest = folder.resolve("%s.%s.json".formatted(named(image), image.target()));
      String text = image.manifest().pretty() + "\n";
      AtomicFile.write(manifest, ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
      terminal.out().println(manifest);
    }
    // A launcher starts the first image whose conditions hold.
    Path list = folder.resolve("images.txt");
    AtomicFile.write(list, ByteBuffer.wrap(order.toString().getBytes(StandardCharsets.UTF_8)));
    terminal.out().println(list);
  }

  private static String extension(Image image) {
    if (image.triple().startsWith("nvptx")) {
      return "cubin";
    }
    return image.triple().startsWith("amdgcn") ? "hsaco" : "so";
  }

  private static String disassemble(Image image) {
    Path file = null;
    try {
      file = Files.createTempFile("kcc-inspect", "." + extension(image));
      Files.write(file, image.copyBytes());
      ExternalTool.Result result = ExternalTool.run(disassembler(image, file));
      if (result.exitCode() != 0) {
        throw new LauncherException(
            "the disassembler failed on the image of '%s' for %s: %s"
                .formatted(image.kernel(), image.target(), result.output().strip()));
      }
      return result.output();
    } catch (IOException failure) {
      throw new LauncherException("cannot write a temporary file: " + failure.getMessage(), failure);
    } finally {
      deleteIfThere(file);
    }
  }

  private static List<String> disassembler(Image image, Path file) {
    if (image.triple().startsWith("nvptx")) {
      for (String name : List.of("nvdisasm", "cuobjdump")) {
        Path tool = ExternalTool.ofCuda(name);
        if (tool != null) {
          return name.equals("nvdisasm")
              ? List.of(tool.toString(), "-c", file.toString())
              : List.of(tool.toString(), "-sass", file.toString());
        }
      }
      throw new LauncherException(
          "NVIDIA machine code is shown by nvdisasm or cuobjdump, and neither was found; install the CUDA toolkit or set"
              + " CUDA_HOME");
    }
    Path objdump = ExternalTool.ofLlvm("llvm-objdump");
    if (objdump == null) {
      throw new LauncherException("llvm-objdump was not found; 'kcc doctor' says where LLVM is looked for");
    }
    return List.of(objdump.toString(), "-d", "--no-show-raw-insn", file.toString());
  }

  private static void deleteIfThere(Path file) {
    if (file != null) {
      try {
        Files.deleteIfExists(file);
      } catch (IOException leftBehind) {
        // A file in the folder for temporary files.
      }
    }
  }
}
