// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// The library `libkcc-mlir-c.so`: the archives of MLIR's C interface as a whole (Debian's libMLIR
/// leaves that interface out), the kcc dialect generated from ODS, and our additions to the C
/// interface. Compiled with clang because g++ gives implicit trait ids other names than the clang
/// that built libMLIR, and traits then silently do not exist.
record Shim(Llvm llvm, Path sources, Path build) {
  static final String LIBRARY = "libkcc-mlir-c.so";

  /// Generators of mlir-tblgen for one file: options, and what the output is called.
  private record Ods(String file, String output, List<String> declarations, List<String> definitions) {}

  private static final List<Ods> ODS =
      List.of(
          new Ods("KccDialect", "KccDialect", List.of("-gen-dialect-decls"), List.of("-gen-dialect-defs")),
          new Ods("KccAttrs", "KccEnums", List.of("-gen-enum-decls"), List.of("-gen-enum-defs")),
          new Ods("KccAttrs", "KccAttrs", List.of("-gen-attrdef-decls"), List.of("-gen-attrdef-defs")),
          new Ods("KccTypes", "KccTypes", List.of("-gen-typedef-decls"), List.of("-gen-typedef-defs")),
          new Ods("KccOps", "KccOps", List.of("-gen-op-decls"), List.of("-gen-op-defs")));

  /// Headers of LLVM that nearly every source includes. They are parsed once for a version of LLVM
  /// instead of for every source and every change of the dialect.
  private static final List<String> HEADERS =
      List.of(
          "llvm/ADT/TypeSwitch.h", "mlir/Bytecode/BytecodeOpInterface.h", "mlir/CAPI/IR.h", "mlir/CAPI/Support.h",
          "mlir/Dialect/Arith/IR/Arith.h", "mlir/Dialect/LLVMIR/LLVMDialect.h", "mlir/IR/Builders.h",
          "mlir/IR/BuiltinOps.h", "mlir/IR/BuiltinTypes.h", "mlir/IR/Dialect.h", "mlir/IR/DialectImplementation.h",
          "mlir/IR/DialectRegistry.h", "mlir/IR/OpDefinition.h", "mlir/IR/OpImplementation.h",
          "mlir/IR/OperationSupport.h", "mlir/IR/TensorEncoding.h", "mlir/IR/TypeUtilities.h",
          "mlir/Interfaces/ControlFlowInterfaces.h", "mlir/Interfaces/InferTypeOpInterface.h",
          "mlir/Interfaces/SideEffectInterfaces.h", "mlir/Parser/Parser.h", "mlir/Target/LLVMIR/Dialect/All.h");

  String key() throws IOException {
    return Product.hash(llvm.version(), List.of(sources, build.resolve("Shim.java"), build.resolve("Llvm.java")));
  }

  String headersKey() throws IOException {
    return Product.hash(
        llvm.version() + llvm.prefix(), List.of(build.resolve("Shim.java"), build.resolve("Llvm.java")));
  }

  /// Nothing of the headers' folder is recorded but LLVM's own: it is moved when complete.
  void buildHeaders(Path folder) throws IOException, InterruptedException {
    List<String> words = new ArrayList<>(compiler());
    words.addAll(List.of("-x", "c++-header", "/dev/null", "-o", "headers.pch"));
    for (String header : HEADERS) {
      words.addAll(List.of("-include", header));
    }
    new Command(folder, words).run();
  }

  void build(Path folder, Path headers) throws IOException, InterruptedException {
    Path work = Files.createDirectory(folder.resolve("work"));
    Path dialect = sources.resolve("kcc");
    List<Command> tablegen = new ArrayList<>();
    for (Ods ods : ODS) {
      tablegen.add(tablegen(work, dialect, ods.file(), ods.declarations(), ods.output() + ".h.inc"));
      tablegen.add(tablegen(work, dialect, ods.file(), ods.definitions(), ods.output() + ".cpp.inc"));
    }
    Command.runAll(tablegen);

    List<Command> compiles = new ArrayList<>();
    List<String> objects = new ArrayList<>();
    for (Path folderOfSources : List.of(dialect, sources.resolve("shim"))) {
      for (Path source : Product.files(folderOfSources)) {
        if (source.toString().endsWith(".cpp")) {
          String object = source.getFileName() + ".o";
          objects.add(object);
          compiles.add(compile(work, headers, dialect, source, object));
        }
      }
    }
    Command.runAll(compiles);
    link(work, objects, folder.resolve(LIBRARY));
    Product.deleteTree(work);
  }

  private Command tablegen(Path work, Path dialect, String file, List<String> options, String output) {
    List<String> words = new ArrayList<>(List.of(llvm.tool("mlir-tblgen")));
    words.addAll(options);
    words.addAll(
        List.of("-I" + llvm.include(), "-I" + dialect, dialect.resolve(file + ".td").toString(), "-o", output));
    return new Command(work, words);
  }

  private List<String> compiler() {
    List<String> words = new ArrayList<>(llvm.compiler());
    words.addAll(
        List.of(
            "-std=c++17", "-O2", "-fno-exceptions", "-fno-rtti", "-fvisibility-inlines-hidden", "-Wall", "-Wextra",
            "-Wno-unused-parameter", "-Werror", "-DNDEBUG", "-isystem", llvm.include().toString()));
    return words;
  }

  private Command compile(Path work, Path headers, Path dialect, Path source, String object) {
    List<String> words = compiler();
    words.addAll(
        List.of(
            "-include-pch", headers.resolve("headers.pch").toString(), "-I" + work, "-I" + dialect,
            "-I" + sources.resolve("include"), "-c", source.toString(), "-o", object));
    return new Command(work, words);
  }

  private void link(Path work, List<String> objects, Path library) throws IOException, InterruptedException {
    List<String> words = new ArrayList<>(llvm.compiler());
    words.addAll(llvm.linker());
    words.addAll(objects);
    // lld would end the process on a malformed object; MachineCode.cpp has the replacements.
    words.addAll(List.of("-Wl,--wrap=_ZN4llvm3sys7Process4ExitEib", "-Wl,--wrap=_ZN4llvm13llvm_shutdownEv"));
    words.add("-Wl,--whole-archive");
    try (DirectoryStream<Path> archives = Files.newDirectoryStream(llvm.prefix().resolve("lib"), "libMLIRCAPI*.a")) {
      List<String> sorted = new ArrayList<>();
      archives.forEach(archive -> sorted.add(archive.toString()));
      sorted.sort(null);
      words.addAll(sorted);
    }
    words.addAll(
        List.of(
            "-Wl,--no-whole-archive", "-llldELF", "-llldCommon", "-l:libz.so.1", "-l:libzstd.so.1", "-lMLIR", "-lMLIRExecutionEngineShared", "-lLLVM-22",
            "-Wl,-soname," + LIBRARY, "-o", library.toString()));
    new Command(work, words).run();
  }
}
