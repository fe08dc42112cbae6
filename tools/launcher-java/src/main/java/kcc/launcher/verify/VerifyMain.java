// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.launcher.verify;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import kcc.launcher.AtomicFile;
import kcc.launcher.Device;
import kcc.launcher.FatBinary;
import kcc.launcher.LauncherException;
import kcc.launcher.cpu.CpuDevice;
import kcc.launcher.cuda.CudaDevice;

/**
 * {@code kcc verify} for machines without a compiler: verifies the kernels of {@code .kcc} files that carry reference
 * images.
 *
 * <pre>VerifyMain FILE.kcc|FOLDER... [--list FILE] [--json REPORT] [--device cuda|cpu] [--kernel NAME] [--shapes N]
 *   [--seed S] [--size N=1..4096]... [--elements N] [--case N] [--line N]</pre>
 *
 * <p>Exit codes: 0 all right, 1 a kernel is wrong, 2 usage.
 */
public final class VerifyMain {
  private final List<Path> files = new ArrayList<>();
  private final Map<String, SizeRange> sizes = new LinkedHashMap<>();
  private final StringBuilder repeated = new StringBuilder();
  private String deviceName = "cuda";
  private Path list;
  private Path json;
  private String kernel;
  private int shapes = VerifyOptions.SHAPES;
  private long seed = System.nanoTime() & 0xffffffffL;
  private long elements = VerifyOptions.ELEMENTS;
  private Integer onlyCase;
  private Integer onlyLine;

  private VerifyMain() {}

  public static void main(String[] arguments) {
    System.exit(run(arguments));
  }

  /** The same without ending the process. */
  static int run(String... arguments) {
    VerifyMain main = new VerifyMain();
    try {
      main.parse(arguments);
    } catch (LauncherException usage) {
      System.err.println("error: " + usage.getMessage());
      return 2;
    }
    try {
      return main.verify() ? 0 : 1;
    } catch (LauncherException failure) {
      System.err.println("error: " + failure.getMessage());
      return 1;
    }
  }

  private void parse(String[] words) {
    for (int i = 0; i < words.length; i++) {
      String word = words[i];
      if (!word.startsWith("--")) {
        addFiles(Path.of(word));
        continue;
      }
      if (i + 1 == words.length) {
        throw new LauncherException(word + " needs a value");
      }
      String value = words[++i];
      switch (word) {
        case "--device" -> deviceName = value;
        case "--list" -> list = Path.of(value);
        case "--json" -> json = Path.of(value);
        case "--kernel" -> kernel = value;
        case "--shapes" -> shapes = (int) number(word, value);
        case "--seed" -> seed = number(word, value);
        case "--case" -> onlyCase = (int) number(word, value);
        case "--line" -> onlyLine = (int) number(word, value);
        case "--elements" -> elements = number(word, value);
        case "--size" -> addSize(value);
        default -> throw new LauncherException("there is no option " + word);
      }
      if (List.of("--device", "--list", "--size", "--elements").contains(word)) {
        repeated.append(' ').append(word).append(' ').append(value);
      }
    }
    if (files.isEmpty()) {
      throw new LauncherException("no .kcc file was given");
    }
  }

  private void addFiles(Path path) {
    if (!Files.isDirectory(path)) {
      files.add(path);
      return;
    }
    try (Stream<Path> content = Files.walk(path)) {
      content.filter(file -> file.toString().endsWith(".kcc")).sorted().forEach(files::add);
    } catch (IOException failure) {
      throw new LauncherException("cannot read the folder '%s': %s".formatted(path, failure.getMessage()), failure);
    }
  }

  private static long number(String option, String value) {
    try {
      return Long.parseLong(value);
    } catch (NumberFormatException notANumber) {
      throw new LauncherException("%s '%s' is no integer".formatted(option, value), notANumber);
    }
  }

  private void addSize(String text) {
    int equals = text.indexOf('=');
    if (equals < 1) {
      throw new LauncherException("--size '%s': write --size N=1..4096".formatted(text));
    }
    String name = text.substring(0, equals);
    sizes.put(name, SizeRange.parse(name, text.substring(equals + 1)));
  }

  private boolean verify() {
    if (json != null) {
      AtomicFile.checkWritable(json);
    }
    List<VerifyLine> lines = list == null ? List.of() : VerifyList.read(list);
    VerifyOptions options = new VerifyOptions(shapes, seed, onlyCase, sizes, elements);
    try (Device host = new CpuDevice(1);
        Device device = open()) {
      Verifier verifier = new Verifier(device, host, options, System.out::println);
      for (Path file : files) {
        verify(verifier, file, lines);
      }
      boolean passed = verifier.finish();
      if (json != null) {
        verifier.writeReport(json);
      }
      return passed;
    }
  }

  private Device open() {
    return switch (deviceName) {
      case "cuda" -> CudaDevice.open(0);
      case "cpu" -> new CpuDevice();
      default -> throw new LauncherException("--device '%s' is neither cuda nor cpu".formatted(deviceName));
    };
  }

  private void verify(Verifier verifier, Path file, List<VerifyLine> lines) {
    FatBinary binary;
    try {
      binary = FatBinary.read(file);
    } catch (LauncherException damaged) {
      verifier.fail(file.toString(), VerifyLine.ofKernel(file.getFileName().toString()), damaged.getMessage());
      return;
    }
    verifier.verifyAll(binary, lines, kernel, onlyLine, line -> command(file, line));
  }

  private String command(Path file, VerifyLine line) {
    return "verify %s --kernel %s --seed %d%s%s"
        .formatted(file, line.kernel(), seed, line.number() == 0 ? "" : " --line " + line.number(), repeated);
  }
}
