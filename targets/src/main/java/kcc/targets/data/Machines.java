// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.targets.data;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.JarURLConnection;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import kcc.mlir.diag.Diagnostic;
import kcc.mlir.diag.KccException;
import kcc.mlir.diag.NearestName;
import kcc.scheduler.machine.Isa;
import kcc.scheduler.machine.Machine;

/// The machines kcc has data files for. A chip is known as soon as its file lies in the `chips` folder.
public final class Machines {
  private static final String CHIPS = "/kcc/targets/chips/";
  private static final String ISAS = "/kcc/targets/isa/";

  private Machines() {}

  /// Names of all chips, in the alphabet's order.
  public static List<String> names() {
    return list(CHIPS);
  }

  /// Names of all instruction sets, in the alphabet's order.
  public static List<String> isaNames() {
    return list(ISAS);
  }

  /// The machine of that name or alias; only its own files are read.
  ///
  /// @throws KccException with the nearest known name when there is none
  public static Machine of(String name) {
    String wanted = name.toLowerCase(Locale.ROOT);
    String text = resource(CHIPS, wanted);
    if (text != null) {
      return machine(ChipFile.read(text, "chips/" + wanted + ".toml"));
    }
    List<String> known = new ArrayList<>();
    for (String chip : names()) {
      ChipFile file = ChipFile.read(resource(CHIPS, chip), "chips/" + chip + ".toml");
      if (file.chip().aliases().contains(wanted)) {
        return machine(file);
      }
      known.add(chip);
      known.addAll(file.chip().aliases());
    }
    String near = NearestName.of(wanted, known);
    throw new KccException(Diagnostic.error("KCC4001", null, "there is no target '" + name + "'")
        .withHelp((near == null ? "" : "did you mean '" + near + "'? ") + "known targets are " + String.join(", ", names())));
  }

  /// An instruction set by name, without a chip.
  public static Isa isa(String name) {
    String text = resource(ISAS, name);
    if (text == null) {
      throw new KccException(Diagnostic.error("KCC4001", null, "there is no instruction set '" + name + "'")
          .withHelp("known are " + String.join(", ", isaNames())));
    }
    return IsaFile.read(text, "isa/" + name + ".toml");
  }

  private static Machine machine(ChipFile file) {
    Isa isa = isa(file.isa());
    try {
      return new Machine(isa, file.chip());
    } catch (IllegalArgumentException bad) {
      throw new KccException(Diagnostic.error(DataError.CODE, null, "chips/" + file.chip().name() + ".toml and isa/"
          + isa.name() + ".toml do not fit together: " + bad.getMessage()));
    }
  }

  private static String resource(String folder, String name) {
    // A user's text is part of the path, so nothing but names may get there.
    if (name.isEmpty() || !name.chars().allMatch(letter -> Character.isLetterOrDigit(letter) || letter == '_' || letter == '-')) {
      return null;
    }
    try (InputStream stream = Machines.class.getResourceAsStream(folder + name + ".toml")) {
      return stream == null ? null : new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException failure) {
      throw new UncheckedIOException("cannot read " + folder + name + ".toml", failure);
    }
  }

  private static List<String> list(String folder) {
    URL place = Machines.class.getResource(folder);
    if (place == null) {
      throw new IllegalStateException("the data files of kcc are missing: " + folder);
    }
    try {
      List<String> names = place.getProtocol().equals("file") ? inFolder(Path.of(place.toURI())) : inJar(place, folder.substring(1));
      return names.stream().filter(name -> name.endsWith(".toml")).map(name -> name.substring(0, name.length() - 5)).sorted().toList();
    } catch (IOException failure) {
      throw new UncheckedIOException("cannot list " + place, failure);
    } catch (URISyntaxException bad) {
      throw new IllegalStateException("the place of the data files is no path: " + place, bad);
    }
  }

  private static List<String> inFolder(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }

  private static List<String> inJar(URL place, String folder) throws IOException {
    JarFile jar = ((JarURLConnection) place.openConnection()).getJarFile();
    return jar.stream().map(java.util.zip.ZipEntry::getName).filter(name -> name.startsWith(folder))
        .map(name -> name.substring(folder.length())).toList();
  }
}
