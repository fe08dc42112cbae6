// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.frontend.sema;

import java.util.LinkedHashMap;
import java.util.Map;
import kcc.mlir.diag.Diagnostic;
import kcc.mlir.diag.KccException;

/// Reads `--signature`: parameters separated by commas, each `name:type`, `name:type:divisor`, `name:type=value` or
/// `name:constexpr=value`.
final class SignatureReader {
  private SignatureReader() {}

  static Bindings read(String signature) {
    Map<String, String> constants = new LinkedHashMap<>();
    Map<String, String> types = new LinkedHashMap<>();
    Map<String, Long> divisibility = new LinkedHashMap<>();
    for (String part : signature.split(",")) {
      String entry = part.strip();
      if (entry.isEmpty()) {
        continue;
      }
      int equals = entry.indexOf('=');
      String value = equals < 0 ? null : entry.substring(equals + 1).strip();
      String[] fields = (equals < 0 ? entry : entry.substring(0, equals)).split(":");
      if (fields.length < 2 || fields.length > 3 || fields[0].isBlank() || equals >= 0 && value.isEmpty()) {
        throw malformed(entry, "it has the form name:type, name:type:divisor or name:constexpr=value");
      }
      String name = fields[0].strip();
      String type = fields[1].strip();
      if (type.equals("constexpr") || value != null) {
        if (value == null) {
          throw malformed(entry, "a constexpr needs a value: " + name + ":constexpr=1024");
        }
        constants.put(name, value);
        continue;
      }
      String element = type.startsWith("*") ? type.substring(1) : type;
      if (ElementType.named(element) == null) {
        throw malformed(entry, "there is no type '" + element + "'; known are bool, i8 to i64, u8 to u64, f16, bf16, f32, "
            + "f64, f8e4m3, f8e5m2, and * in front for a pointer");
      }
      types.put(name, type);
      if (fields.length == 3) {
        divisibility.put(name, divisor(fields[2].strip(), entry));
      }
    }
    return new Bindings(constants, types, divisibility);
  }

  private static long divisor(String text, String entry) {
    try {
      long divisor = Long.parseLong(text);
      if (divisor > 0) {
        return divisor;
      }
    } catch (NumberFormatException malformed) {
      // Said below.
    }
    throw malformed(entry, "'" + text + "' is no positive integer");
  }

  private static KccException malformed(String entry, String why) {
    return new KccException(Diagnostic.error(FrontEndCode.INTERFACE.key(), null,
        "the signature has the entry '" + entry + "', which cannot be read: " + why)
        .withHelp("such as --signature \"x_ptr:*f16:16, n:i32, BLOCK:constexpr=1024\""));
  }
}
