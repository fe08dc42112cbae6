// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.driver;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;

/// Sizes that are near enough to what was measured that its choice is theirs: each within a factor of the square root of two, so
/// that classes around powers of two meet without a gap.
///
/// @param boxes ranges of each size; sizes are in the class that are in one of them
record SizeClass(List<Map<String, Range>> boxes) {
  /// From `least` to `most`, both in it.
  record Range(long least, long most) {
    private static Range around(long size) {
      return new Range((long) Math.ceil(size / Math.sqrt(2)), (long) Math.floor(size * Math.sqrt(2)));
    }

    private boolean has(long size) {
      return least <= size && size <= most;
    }

    private boolean meets(Range other) {
      return least <= other.most + 1 && other.least <= most + 1;
    }

    private Range and(Range other) {
      return new Range(Math.min(least, other.least), Math.max(most, other.most));
    }
  }

  SizeClass {
    boxes = List.copyOf(boxes);
  }

  static SizeClass around(Map<String, Long> sizes) {
    Map<String, Range> box = new LinkedHashMap<>();
    sizes.forEach((name, size) -> box.put(name, Range.around(size)));
    return new SizeClass(List.of(Collections.unmodifiableMap(box)));
  }

  /// The class without the sizes that are fixed; null where they are outside of it.
  ///
  /// @param fixed values of sizes and other constants, as text
  SizeClass with(Map<String, String> fixed) {
    List<Map<String, Range>> left = boxes.stream().filter(box -> has(box, fixed)).<Map<String, Range>>map(box -> {
      Map<String, Range> open = new LinkedHashMap<>(box);
      open.keySet().removeAll(fixed.keySet());
      return Collections.unmodifiableMap(open);
    }).toList();
    return left.isEmpty() ? null : new SizeClass(left);
  }

  private static boolean has(Map<String, Range> box, Map<String, String> fixed) {
    return box.entrySet().stream().allMatch(range -> {
      String value = fixed.get(range.getKey());
      return value == null || value.matches("[0-9]{1,18}") && range.getValue().has(Long.parseLong(value));
    });
  }

  /// The sizes of both, which have the same names: as one box where they meet in all but one size, and there without a gap.
  SizeClass or(SizeClass other) {
    List<Map<String, Range>> all = new ArrayList<>(boxes);
    other.boxes.forEach(box -> add(all, box));
    return new SizeClass(all);
  }

  private static void add(List<Map<String, Range>> all, Map<String, Range> box) {
    for (int i = 0; i < all.size(); i++) {
      Map<String, Range> joined = joined(all.get(i), box);
      if (joined != null) {
        all.remove(i);
        add(all, joined);
        return;
      }
    }
    all.add(box);
  }

  private static Map<String, Range> joined(Map<String, Range> one, Map<String, Range> other) {
    Map<String, Range> joined = new LinkedHashMap<>(one);
    int different = 0;
    for (Map.Entry<String, Range> range : other.entrySet()) {
      Range own = one.get(range.getKey());
      if (!own.meets(range.getValue())) {
        return null;
      }
      different += own.equals(range.getValue()) ? 0 : 1;
      joined.put(range.getKey(), own.and(range.getValue()));
    }
    return different <= 1 ? Collections.unmodifiableMap(joined) : null;
  }

  /// As launchers check them: all must hold. Of several boxes, comparisons that are 1 or 0 are multiplied and added up.
  List<String> conditions() {
    if (boxes.size() == 1) {
      return comparisons(boxes.getFirst());
    }
    StringJoiner any = new StringJoiner(" + ", "", " > 0");
    for (Map<String, Range> box : boxes) {
      any.add("(" + String.join(") * (", comparisons(box)) + ")");
    }
    return List.of(any.toString());
  }

  private static List<String> comparisons(Map<String, Range> box) {
    List<String> comparisons = new ArrayList<>();
    box.forEach((size, range) -> {
      comparisons.add("%s >= %d".formatted(size, range.least()));
      comparisons.add("%s <= %d".formatted(size, range.most()));
    });
    return comparisons;
  }
}
