// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.targets.binary;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/// Machine code with what is said about it. Strings keep their order, which is the order in the file.
///
/// @param content owned by this record; callers do not write to it
public record OffloadImage(ImageKind imageKind, OffloadKind offloadKind, Map<String, String> strings, byte[] content) {
  public OffloadImage {
    strings = Collections.unmodifiableMap(new LinkedHashMap<>(strings));
    strings.forEach((key, value) -> {
      if (key.indexOf('\0') >= 0 || value.indexOf('\0') >= 0) {
        throw new IllegalArgumentException("a string of an offload binary ends at its first zero byte: " + key);
      }
    });
  }

  /// The same image with one more string.
  public OffloadImage with(String key, String value) {
    Map<String, String> more = new LinkedHashMap<>(strings);
    more.put(key, value);
    return new OffloadImage(imageKind, offloadKind, more, content);
  }
}
