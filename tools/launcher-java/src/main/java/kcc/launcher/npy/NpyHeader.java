// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.launcher.npy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import kcc.launcher.ElementType;
import kcc.launcher.LauncherException;

/** The dictionary at the beginning of a {@code .npy} file. */
record NpyHeader(ElementType type, boolean bigEndian, boolean fortranOrder, List<Long> shape) {
  private static final Pattern DESCRIPTION = Pattern.compile("'descr'\\s*:\\s*'([^']*)'");
  private static final Pattern ORDER = Pattern.compile("'fortran_order'\\s*:\\s*(True|False)");
  private static final Pattern SHAPE = Pattern.compile("'shape'\\s*:\\s*\\(([^)]*)\\)");

  /** @param origin what to call the file in messages */
  static NpyHeader parse(String text, String origin) {
    // NumPy writes single quotes; other writers use double ones.
    String header = text.replace('"', '\'');
    String description = group(DESCRIPTION, header, "descr", origin);
    boolean fortran = group(ORDER, header, "fortran_order", origin).equals("True");
    List<Long> shape = new ArrayList<>();
    for (String extent : group(SHAPE, header, "shape", origin).split(",")) {
      String digits = extent.strip();
      if (digits.endsWith("L")) {
        digits = digits.substring(0, digits.length() - 1);
      }
      if (!digits.isEmpty()) {
        try {
          shape.add(Long.parseLong(digits));
        } catch (NumberFormatException notANumber) {
          throw new LauncherException(
              "%s: the shape in its header has '%s', which is no integer".formatted(origin, digits), notANumber);
        }
      }
    }
    return new NpyHeader(elementType(description, origin), description.startsWith(">"), fortran, List.copyOf(shape));
  }

  private static String group(Pattern pattern, String header, String key, String origin) {
    Matcher matcher = pattern.matcher(header);
    if (!matcher.find()) {
      throw new LauncherException("%s: the .npy header has no '%s' that can be read".formatted(origin, key));
    }
    return matcher.group(1);
  }

  private static ElementType elementType(String description, String origin) {
    String kind = description.replaceFirst("^[<>=|]", "");
    return switch (kind) {
      case "b1" -> ElementType.BOOL;
      case "i1", "i2", "i4", "i8" -> ElementType.of("i" + 8 * (kind.charAt(1) - '0'));
      case "u1", "u2", "u4", "u8" -> ElementType.of("u" + 8 * (kind.charAt(1) - '0'));
      case "f2", "f4", "f8" -> ElementType.of("f" + 8 * (kind.charAt(1) - '0'));
      // What ml_dtypes' types look like in a file: raw bytes without a meaning.
      case "V1" -> ElementType.U8;
      case "V2" -> ElementType.U16;
      default ->
          throw new LauncherException(
              ("%s holds elements of NumPy type '%s'; supported are bool, integers of 8 to 64 bits, float16, float32 and"
                      + " float64 (store bf16 as uint16, fp8 as uint8)")
                  .formatted(origin, description));
    };
  }

  /** NumPy's name of a type; bf16 and fp8 become the unsigned integers of their size. */
  static String description(ElementType type) {
    return switch (type) {
      case BOOL -> "|b1";
      case I8 -> "|i1";
      case U8, F8E4M3, F8E5M2 -> "|u1";
      case I16, I32, I64 -> "<i" + type.bytes();
      case U16, U32, U64 -> "<u" + type.bytes();
      case BF16 -> "<u2";
      case F16, F32, F64 -> "<f" + type.bytes();
    };
  }

  /** Magic, version, length and dictionary, padded so that data begins at a multiple of 64 as NumPy asks. */
  static byte[] encode(ElementType type, List<Long> shape) {
    StringBuilder extents = new StringBuilder();
    for (long extent : shape) {
      extents.append(extent).append(", ");
    }
    if (shape.size() > 1) {
      extents.setLength(extents.length() - 2);
    } else if (shape.size() == 1) {
      extents.setLength(extents.length() - 1);
    }
    String dictionary =
        String.format(
            Locale.ROOT,
            "{'descr': '%s', 'fortran_order': False, 'shape': (%s), }",
            description(type),
            extents);
    // The length field of version 1 has two bytes, which a dictionary of known keys and fewer than 3000 axes fits.
    int prefix = 10;
    int padded = (prefix + dictionary.length() + 1 + 63) / 64 * 64 - prefix;
    byte[] bytes = new byte[prefix + padded];
    Arrays.fill(bytes, (byte) ' ');
    byte[] start = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0, (byte) padded, (byte) (padded >>> 8)};
    System.arraycopy(start, 0, bytes, 0, prefix);
    byte[] ascii = dictionary.getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(ascii, 0, bytes, prefix, ascii.length);
    bytes[bytes.length - 1] = '\n';
    return bytes;
  }
}
