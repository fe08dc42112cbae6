// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.javacpp.tools.Generator;
import org.bytedeco.javacpp.tools.Logger;
import org.bytedeco.javacpp.tools.Parser;
import org.bytedeco.javacpp.tools.ParserException;

/// The JavaCPP binding: parses the headers of the preset into Java sources of `kcc.mlir.raw`, and
/// generates and compiles the JNI library for them. The library stays apart from the shim because it
/// is linked with -Bsymbolic, which would split MLIR's type ids.
record Binding(Llvm llvm, Path module, Path build) {
  private static final String PRESET = "kcc/mlir/preset/MlirPreset.java";
  private static final String LOADER = "kcc/mlir/raw/NativeLibraries.java";
  private static final Pattern TYPE_DECLARATION = Pattern.compile("(?m)^(@\\w+(\\(.*?\\))? )*public class");
  static final String LIBRARY = "libkccjni.so";

  String key() throws IOException {
    Path sources = module.resolve("src/main");
    return Product.hash(
        llvm.version() + javaCpp().getFileName(),
        List.of(
            sources.resolve("java").resolve(PRESET), sources.resolve("native/include"),
            build.resolve("Binding.java"), build.resolve("FlatHeaders.java"), build.resolve("Llvm.java")));
  }

  void build(Path folder, Path shim) throws IOException, InterruptedException {
    Path work = Files.createDirectory(folder.resolve("work"));
    Path flat = work.resolve("flat");
    FlatHeaders.write(llvm.include(), flat);
    Path generated = Files.createDirectory(folder.resolve("java"));
    Path classes = Files.createDirectory(work.resolve("classes"));
    Path handWritten = module.resolve("src/main/java");

    compileJava(classes, List.of(handWritten.resolve(PRESET)));
    Properties properties = Loader.loadProperties("linux-x86_64", null);
    properties.setProperty("platform.includepath", String.join(":", includes(flat)));
    parse(properties, classes, generated);

    List<Path> javaSources = new ArrayList<>(Product.files(generated));
    javaSources.forEach(Binding::loadOurWay);
    javaSources.add(handWritten.resolve(PRESET));
    javaSources.add(handWritten.resolve(LOADER));
    compileJava(classes, javaSources);
    List<String> cpp = generateJni(properties, classes, work);
    compileJni(work, flat, shim, cpp, folder.resolve(LIBRARY));
    Product.deleteTree(work);
  }

  private List<String> includes(Path flat) {
    return List.of(
        flat.toString(), module.resolve("src/main/native/include").toString(), llvm.include().toString());
  }

  private static void compileJava(Path classes, List<Path> sources) throws IOException {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    List<String> options =
        List.of("-d", classes.toString(), "-cp", classes + ":" + javaCpp(), "-proc:none", "-Xlint:none");
    try (var files = compiler.getStandardFileManager(null, null, null)) {
      if (!compiler.getTask(null, files, null, options, null, files.getJavaFileObjectsFromPaths(sources)).call()) {
        throw new CommandFailed("the generated Java binding does not compile; see above");
      }
    }
  }

  private static void parse(Properties properties, Path classes, Path generated) throws IOException {
    try (URLClassLoader loader = loader(classes)) {
      Class<?> preset = Class.forName("kcc.mlir.preset.MlirPreset", false, loader);
      new Parser(quietLogger(), properties).parse(generated.toFile(), new String[0], preset);
    } catch (ParserException | ClassNotFoundException e) {
      throw new CommandFailed("JavaCPP cannot parse the headers of the preset: " + e.getMessage());
    }
  }

  /// Generated classes load the library through our loader, which knows the folder and is fast; and
  /// the strict warnings of the build are for code that people write.
  private static void loadOurWay(Path source) {
    try {
      String text = Files.readString(source);
      // Comments of the headers often stand before no declaration, which javac's doclint objects to.
      text = text.replace("/**", "/*");
      text = text.replace("static { Loader.load(); }", "static { NativeLibraries.load(); }");
      Files.writeString(source, TYPE_DECLARATION.matcher(text).replaceFirst("@SuppressWarnings({\"rawtypes\", \"unchecked\", \"cast\", \"deprecation\", \"overloads\", \"static\", \"this-escape\", \"lossy-conversions\"})\n$0"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<String> generateJni(Properties properties, Path classes, Path work) throws IOException {
    // The generator looks at the classes by reflection; it must not initialize them, since that
    // would load the library that is about to be made.
    System.setProperty("org.bytedeco.javacpp.loadLibraries", "false");
    String base = work.resolve("jnijavacpp.cpp").toString();
    String main = work.resolve("jnikcc.cpp").toString();
    try (URLClassLoader loader = loader(classes)) {
      List<Class<?>> bound = new ArrayList<>();
      try (Stream<Path> files = Files.list(classes.resolve("kcc/mlir/raw"))) {
        for (Path file : files.sorted().toList()) {
          String name = file.getFileName().toString().replace(".class", "");
          if (!name.startsWith("NativeLibraries") && !name.contains("$")) { // the generator goes into nested classes itself
            bound.add(Class.forName("kcc.mlir.raw." + name, false, loader));
          }
        }
      }
      String classPath = classes + ":" + javaCpp();
      Generator generator = new Generator(quietLogger(), properties);
      if (!generator.generate(base, null, null, null, "_jnijavacpp", null, null)
          || !generator.generate(main, null, null, null, null, "_jnijavacpp", classPath, bound.toArray(new Class<?>[0]))) {
        throw new CommandFailed("JavaCPP generated nothing for the binding");
      }
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException(e);
    }
    return List.of(base, main);
  }

  private void compileJni(Path work, Path flat, Path shim, List<String> sources, Path library)
      throws IOException, InterruptedException {
    String jdk = System.getProperty("java.home");
    List<Command> compiles = new ArrayList<>();
    List<String> objects = new ArrayList<>();
    for (String source : sources) {
      String object = source.replace(".cpp", ".o");
      objects.add(object);
      List<String> words = new ArrayList<>(llvm.compiler());
      words.addAll(List.of("-std=c++17", "-O1", "-w", "-fvisibility=hidden"));
      includes(flat).forEach(include -> words.add("-I" + include));
      words.addAll(List.of("-I" + jdk + "/include", "-I" + jdk + "/include/linux", "-c", source, "-o", object));
      compiles.add(new Command(work, words));
    }
    Command.runAll(compiles);
    List<String> link = new ArrayList<>(llvm.compiler());
    link.addAll(llvm.linker());
    link.add("-Wl,-Bsymbolic");
    link.addAll(objects);
    link.addAll(List.of("-L" + shim, "-lkcc-mlir-c", "-lLLVM-22", "-Wl,-soname," + LIBRARY, "-o", library.toString()));
    new Command(work, link).run();
  }

  private static Path javaCpp() {
    return Path.of(Loader.class.getProtectionDomain().getCodeSource().getLocation().getPath());
  }

  /// Looks for our classes in the given folder first: an older build of them may be on the class path.
  private static URLClassLoader loader(Path classes) throws IOException {
    return new URLClassLoader(new URL[] {classes.toUri().toURL()}, Binding.class.getClassLoader()) {
      @Override
      protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        synchronized (getClassLoadingLock(name)) {
          if (!name.startsWith("kcc.")) {
            return super.loadClass(name, resolve);
          }
          Class<?> loaded = findLoadedClass(name);
          return loaded != null ? loaded : findClass(name);
        }
      }
    };
  }

  /// JavaCPP reports each file it reads; only what is wrong is of interest.
  private static Logger quietLogger() {
    return new Logger() {
      @Override
      public void info(String message) {}

      @Override
      public void warn(String message) {
        System.err.println("javacpp: " + message);
      }

      @Override
      public void error(String message) {
        System.err.println("javacpp: " + message);
      }
    };
  }
}
