// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.targets.data;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import kcc.mlir.diag.NearestName;
import kcc.mlir.diag.SourceLocation;

/// Typed access to a table of a data file. Each getter marks its key as known; [#end()] reports a key that nobody asked
/// for, which is a misspelled one. Getters of facts insist on a source: a comment that begins with `[TAG]`.
final class Section {
  private final String name;
  private final Fact.Table table;
  private final Set<String> sources;
  private final Set<String> asked = new HashSet<>();

  /// @param sources tags that the file's `[sources]` defines
  Section(String name, Fact.Table table, Set<String> sources) {
    this.name = name;
    this.table = table;
    this.sources = sources;
  }

  static Section root(Fact.Table file) {
    Set<String> tags = file.values().get("sources") instanceof Fact.Table sources ? sources.values().keySet() : Set.of();
    Section root = new Section("file", file, tags);
    root.asked.add("sources");
    return root;
  }

  SourceLocation place() {
    return table.place();
  }

  /// Null when the file has no such section.
  Section section(String key) {
    return switch (find(key)) {
      case null -> null;
      case Fact.Table inner -> new Section(key, inner, sources);
      case Fact other -> throw DataError.at(other.place(), "'" + key + "' has to be a section");
    };
  }

  /// A word that names something and needs no source; null when absent.
  String word(String key) {
    return switch (find(key)) {
      case null -> null;
      case Fact.Text text -> text.value();
      case Fact other -> throw DataError.at(other.place(), "'" + key + "' has to be a string");
    };
  }

  String requiredWord(String key) {
    String found = word(key);
    if (found == null) {
      throw missing(key);
    }
    return found;
  }

  List<String> words(String key) {
    List<String> found = new ArrayList<>();
    for (Fact item : items(key)) {
      found.add(text(key, item).value());
    }
    return found;
  }

  /// Elements of an array, none when it is absent; a single value counts as an array of one.
  List<Fact> items(String key) {
    return switch (find(key)) {
      case null -> List.of();
      case Fact.Items(_, _, List<Fact> values) -> values;
      case Fact single -> List.of(single);
    };
  }

  List<Section> rows(String key) {
    List<Section> rows = new ArrayList<>();
    for (Fact item : items(key)) {
      if (!(item instanceof Fact.Table row)) {
        throw DataError.at(item.place(), "'" + key + "' has to be an array of tables");
      }
      requireSource(key, row);
      rows.add(new Section(key, row, sources));
    }
    return rows;
  }

  /// A quantity in the unit's base; null when absent.
  Double quantity(String key, Unit unit) {
    Fact fact = find(key);
    if (fact == null) {
      return null;
    }
    requireSource(key, fact);
    return unit.parse(text(key, fact));
  }

  Integer whole(String key, Unit unit) {
    Double value = quantity(key, unit);
    if (value == null) {
      return null;
    }
    if (value != Math.rint(value) || value > Integer.MAX_VALUE) {
      throw DataError.at(find(key).place(), "'" + key + "' has to be a whole number");
    }
    return value.intValue();
  }

  int requiredWhole(String key, Unit unit) {
    Integer value = whole(key, unit);
    if (value == null) {
      throw missing(key);
    }
    return value;
  }

  /// Whole numbers in an array, with a source behind it.
  List<Long> numbers(String key) {
    Fact fact = find(key);
    if (fact == null) {
      throw missing(key);
    }
    requireSource(key, fact);
    return plainNumbers(key);
  }

  /// The same inside of a row, whose source is at its end.
  List<Long> plainNumbers(String key) {
    List<Long> numbers = new ArrayList<>();
    for (Fact item : items(key)) {
      numbers.add(switch (item) {
        case Fact.Whole number -> number.value();
        case Fact other -> throw DataError.at(other.place(), "'" + key + "' has to hold whole numbers");
      });
    }
    return numbers;
  }

  int plainNumber(String key) {
    List<Long> numbers = plainNumbers(key);
    if (numbers.size() != 1) {
      throw DataError.at(place(), "'" + key + "' has to be one whole number");
    }
    return Math.toIntExact(numbers.getFirst());
  }

  /// A constant of an enum by its name in lower case; null when absent.
  <E extends Enum<E>> E constant(String key, Class<E> type) {
    Fact fact = find(key);
    return fact == null ? null : constant(text(key, fact), type);
  }

  <E extends Enum<E>> List<E> constants(String key, Class<E> type) {
    List<E> found = new ArrayList<>();
    for (Fact item : items(key)) {
      found.add(constant(text(key, item), type));
    }
    return found;
  }

  /// Constants with a source each.
  <E extends Enum<E>> List<E> sourcedConstants(String key, Class<E> type) {
    items(key).forEach(item -> requireSource(key, item));
    return constants(key, type);
  }

  private static <E extends Enum<E>> E constant(Fact.Text text, Class<E> type) {
    List<String> known = new ArrayList<>();
    for (E candidate : type.getEnumConstants()) {
      String spelling = candidate.name().toLowerCase(Locale.ROOT);
      if (spelling.equals(text.value())) {
        return candidate;
      }
      known.add(spelling);
    }
    String near = NearestName.of(text.value(), known);
    throw DataError.at(text.place(), "'" + text.value() + "' is unknown here"
        + (near == null ? "; known are " + String.join(", ", known) : "; did you mean '" + near + "'?"));
  }

  Map<String, Fact> facts() {
    asked.addAll(table.values().keySet());
    return table.values();
  }

  double quantity(String key, Fact fact, Unit unit) {
    requireSource(key, fact);
    return unit.parse(text(key, fact));
  }

  /// Call after the last getter.
  void end() {
    for (Map.Entry<String, Fact> entry : table.values().entrySet()) {
      if (!asked.contains(entry.getKey())) {
        String near = NearestName.of(entry.getKey(), asked);
        throw DataError.at(entry.getValue().place(), "'" + entry.getKey() + "' is no key of [" + name + "]"
            + (near == null ? "" : "; did you mean '" + near + "'?"));
      }
    }
  }

  private Fact find(String key) {
    asked.add(key);
    return table.values().get(key);
  }

  private static Fact.Text text(String key, Fact fact) {
    if (fact instanceof Fact.Text text) {
      return text;
    }
    throw DataError.at(fact.place(), "'" + key + "' has to be a string");
  }

  private void requireSource(String key, Fact fact) {
    String comment = fact.comment();
    int end = comment.indexOf(']');
    if (!comment.startsWith("[") || end < 0) {
      throw DataError.at(fact.place(), "'" + key + "' names no source; end the line with # [TAG] and the place in that document");
    }
    String tag = comment.substring(1, end);
    if (!sources.contains(tag)) {
      throw DataError.at(fact.place(), "source [" + tag + "] is not defined in [sources]");
    }
  }

  private kcc.mlir.diag.KccException missing(String key) {
    return DataError.at(place(), "'" + key + "' is missing in [" + name + "]");
  }
}
