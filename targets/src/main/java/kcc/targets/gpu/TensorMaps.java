// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.targets.gpu;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import kcc.mlir.diag.Diagnostic;
import kcc.mlir.diag.InternalException;
import kcc.mlir.diag.SourceLocation;
import kcc.mlir.ir.Attribute;
import kcc.mlir.ir.Operation;
import kcc.targets.binary.Manifest;
import kcc.targets.binary.Manifest.TensorMap;

/// The tensor maps that a kernel takes behind its other arguments, and what they ask of the arrays they describe.
///
/// Limits: CUDA Driver API, cuTensorMapEncodeTiled.
public final class TensorMaps {
  /// On kernel functions: a list of dictionaries with `of`, `box`, `swizzle`, `promotion` and perhaps `rounds`, one for each map.
  public static final String ATTRIBUTE = "kcc.tensor_maps";

  /// Of a map in memory, `CUtensorMap`.
  public static final int BYTES = 128;
  public static final int ALIGNMENT = 64;

  public static final int LARGEST_RANK = 5;
  public static final int LARGEST_EXTENT = 256;
  public static final List<Long> SWIZZLES = List.of(0L, 32L, 64L, 128L);
  public static final List<Long> PROMOTIONS = List.of(0L, 64L, 128L, 256L);
  public static final long DEFAULT_PROMOTION = 128;

  /// Rows of the array and of the box lie at multiples of so many bytes.
  private static final int STEP_BYTES = 16;

  private TensorMaps() {}

  /// Those of a kernel function, in the order of its arguments.
  public static List<TensorMap> of(Operation function) {
    List<TensorMap> maps = new ArrayList<>();
    if (function.hasAttribute(ATTRIBUTE)) {
      for (Attribute entry : function.attribute(ATTRIBUTE).asList()) {
        Map<String, Attribute> facts = entry.asMap();
        maps.add(new TensorMap(facts.get("of").asString(),
            facts.get("box").asLongs().stream().map(Math::toIntExact).toList(), facts.get("swizzle").asInt(),
            facts.get("promotion").asInt(), facts.containsKey("rounds")));
      }
    }
    return maps;
  }

  /// Conditions on sizes without which the arrays cannot be described, as far as `known` does not imply them.
  ///
  /// @param place where the kernel is defined, or null
  public static List<String> conditions(List<TensorMap> maps, List<Manifest.Parameter> parameters, List<String> known,
      SourceLocation place) {
    List<String> conditions = new ArrayList<>();
    for (TensorMap map : maps) {
      Manifest.Parameter tensor = tensor(map, parameters, place);
      check(map, tensor, place);
      int elements = STEP_BYTES / bytes(tensor);
      String row = tensor.shape().getLast();
      if (elements > 1 && tensor.shape().size() > 1) {
        if (Character.isDigit(row.charAt(0))) {
          if (Long.parseLong(row) % elements != 0) {
            throw wrong(map, place, "has rows of " + row + " elements, which are no multiple of " + STEP_BYTES + " bytes");
          }
        } else if (!isImplied(row, elements, known) && !isImplied(row, elements, conditions)) {
          conditions.add(row + " % " + elements + " == 0");
        }
      }
    }
    return conditions;
  }

  private static Manifest.Parameter tensor(TensorMap map, List<Manifest.Parameter> parameters, SourceLocation place) {
    for (Manifest.Parameter parameter : parameters) {
      if (parameter.name().equals(map.of()) && parameter.kind() == Manifest.Parameter.Kind.TENSOR) {
        return parameter;
      }
    }
    throw wrong(map, place, "is of no tensor parameter");
  }

  private static void check(TensorMap map, Manifest.Parameter tensor, SourceLocation place) {
    if (map.box().size() != tensor.shape().size()) {
      throw wrong(map, place, "has a box of rank " + map.box().size() + " for an array of rank " + tensor.shape().size());
    }
    int row = map.box().getLast() * bytes(tensor);
    if (map.rounds() && !tensor.type().equals("f32")) {
      throw wrong(map, place, "rounds " + tensor.type() + "; only f32 can be rounded");
    }
    if (row % STEP_BYTES != 0) {
      throw wrong(map, place, "has a box with rows of " + row + " bytes, which are no multiple of " + STEP_BYTES);
    }
    if (map.swizzle() != 0 && row > map.swizzle()) {
      throw wrong(map, place, "has a box with rows of " + row + " bytes; its swizzle allows " + map.swizzle());
    }
  }

  private static boolean isImplied(String size, int divisor, List<String> known) {
    String start = size + " % ";
    String end = " == 0";
    for (String condition : known) {
      if (condition.startsWith(start) && condition.endsWith(end)) {
        String number = condition.substring(start.length(), condition.length() - end.length());
        if (number.matches("\\d+") && Long.parseLong(number) % divisor == 0) {
          return true;
        }
      }
    }
    return false;
  }

  private static int bytes(Manifest.Parameter tensor) {
    String digits = tensor.type().replaceFirst("^\\D+", "").replaceFirst("\\D.*", "");
    return digits.isEmpty() ? 1 : Integer.parseInt(digits) / 8;
  }

  private static InternalException wrong(TensorMap map, SourceLocation place, String what) {
    return new InternalException(Diagnostic.error("KCC4914", place, "the tensor map of '" + map.of() + "' " + what));
  }
}
