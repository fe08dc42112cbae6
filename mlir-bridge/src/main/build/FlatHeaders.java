// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Copies the headers of MLIR-C with every handle `struct X { void *ptr; }` rewritten to
/// `typedef struct XOpaque *X` and `MlirLogicalResult` to `int8_t`.
///
/// On x86-64 System V a struct of one pointer (or one byte) is passed and returned in the same
/// register as the pointer itself, so code compiled against these headers calls the real library.
/// For Java it means: no struct allocation per call, and a null handle is a Java null.
final class FlatHeaders {
  private static final Pattern DEFINE_MACRO =
      Pattern.compile("#define DEFINE_C_API_STRUCT\\(name, storage\\).*?typedef struct name name\\n", Pattern.DOTALL);
  private static final Pattern MACRO_USE = Pattern.compile("DEFINE_C_API_STRUCT\\((\\w+), (?:const )?void\\);");
  private static final Pattern MACRO_UNDEF = Pattern.compile("#undef DEFINE_C_API_STRUCT\\n");
  private static final Pattern PLAIN_HANDLE =
      Pattern.compile("struct (\\w+) \\{\\s*(?:const )?void \\*ptr;\\s*\\};\\s*typedef struct \\1 \\1;");
  private static final Pattern LOGICAL_RESULT =
      Pattern.compile("struct MlirLogicalResult \\{\\s*int8_t value;\\s*\\};\\s*typedef struct MlirLogicalResult MlirLogicalResult;");

  private FlatHeaders() {}

  /// Rewrites `include/mlir-c/**.h` into `flat/mlir-c`.
  static void write(Path include, Path flat) throws IOException {
    List<Path> headers;
    try (Stream<Path> files = Files.walk(include.resolve("mlir-c"))) {
      headers = files.filter(file -> file.toString().endsWith(".h")).sorted().toList();
    }
    for (Path header : headers) {
      Path copy = flat.resolve(include.relativize(header));
      Files.createDirectories(copy.getParent());
      Files.writeString(copy, flatten(Files.readString(header)));
    }
  }

  static String flatten(String text) {
    text = DEFINE_MACRO.matcher(text).replaceAll("");
    text = MACRO_USE.matcher(text).replaceAll("typedef struct $1Opaque *$1;");
    text = MACRO_UNDEF.matcher(text).replaceAll("");
    text = PLAIN_HANDLE.matcher(text).replaceAll("typedef struct $1Opaque *$1;");
    text = LOGICAL_RESULT.matcher(text).replaceAll("typedef int8_t MlirLogicalResult;");
    // JavaCPP casts an array of handles to `XOpaque **`, which does not convert to an array of const.
    text = text.replaceAll("\\bconst (Mlir\\w+) \\*", "$1 *").replaceAll("\\b(Mlir\\w+) const \\*", "$1 *");
    // A forward declaration by struct tag and the inline functions that look inside a handle.
    text = text.replace("struct MlirAffineMap;\n", "typedef struct MlirAffineMapOpaque *MlirAffineMap;\n");
    text = text.replace("struct MlirAffineMap affineMap", "MlirAffineMap affineMap");
    text = text.replaceAll("\\b(\\w+)\\.ptr\\b", "$1");
    text = text.replaceAll("\\bres\\.value\\b", "res");
    return text.replaceAll("MlirLogicalResult res = \\{([01])\\};", "MlirLogicalResult res = $1;");
  }
}
