// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.targets.nvidia;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import kcc.mlir.diag.Diagnostic;
import kcc.mlir.ir.Attribute;
import kcc.mlir.ir.Attributes;
import kcc.mlir.ir.Operation;
import kcc.mlir.ir.Value;
import kcc.mlir.pass.Analysis;
import kcc.mlir.pass.KccPass;
import kcc.mlir.pass.PassContext;
import kcc.mlir.pass.PassInfo;
import kcc.mlir.pass.Statistic;
import kcc.scheduler.machine.NumericType;
import kcc.targets.gpu.TensorMaps;

/// What is known of arguments that are tensor maps becomes an attribute of the function, which the conversion to LLVM's
/// dialect keeps; it drops those of arguments.
///
/// ```mlir
/// gpu.func @f(%m: !llvm.ptr {kcc.kind = "tensor_map", kcc.of = "A", kcc.box = array<i64: 128, 64>, kcc.swizzle = 128 : i64})
/// ```
/// becomes
/// ```mlir
/// gpu.func @f(%m: !llvm.ptr {...}) attributes {kcc.tensor_maps =
///     [{box = array<i64: 128, 64>, of = "A", promotion = 128 : i64, swizzle = 128 : i64}]}
/// ```
///
/// Requires: fragment level. Produces: `kcc.tensor_maps` on the functions that take maps, one entry for each of their last
/// arguments.
public final class CollectTensorMapsPass implements KccPass {
  public static final PassInfo INFO = new PassInfo("kcc-collect-tensor-maps", "tensor maps of a kernel in one attribute",
      Set.of("fragments"), Set.of("tensor-maps"), List.of(new Statistic("maps", "tensor maps that kernels take")),
      List.of(), "gpu.func");

  private static final String KIND = "tensor_map";

  @Override
  public PassInfo info() {
    return INFO;
  }

  @Override
  public void run(Operation function, PassContext context) {
    switch (analyze(function)) {
      case Analysis.Plan(List<Attribute> maps) -> {
        function.setAttribute(TensorMaps.ATTRIBUTE, Attributes.array(function.context(), maps));
        context.count("maps", maps.size());
      }
      case Analysis.NotApplicable<List<Attribute>> _ -> { }
      case Analysis.Illegal(Diagnostic diagnostic) -> context.fail(diagnostic);
    }
  }

  private static Analysis<List<Attribute>> analyze(Operation function) {
    Attribute all = function.attribute("arg_attrs");
    List<Attribute> maps = new ArrayList<>();
    for (Value argument : function.region(0).first().arguments()) {
      Map<String, Attribute> facts = all == null ? Map.of() : all.asList().get(argument.index()).asMap();
      Attribute kind = facts.get("kcc.kind");
      if (kind != null && kind.asString().equals(KIND)) {
        String fault = fault(facts);
        if (fault != null) {
          return illegal(function, argument, fault);
        }
        maps.add(entry(function, facts));
      } else if (!maps.isEmpty()) {
        return illegal(function, argument, "comes after a tensor map, and those come last");
      }
    }
    return maps.isEmpty() ? new Analysis.NotApplicable<>("no argument is a tensor map") : new Analysis.Plan<>(maps);
  }

  private static Analysis<List<Attribute>> illegal(Operation function, Value argument, String fault) {
    return new Analysis.Illegal<>(Diagnostic.error("KCC4340", function.location().toSource(),
        "argument " + argument.index() + " of '" + function.attribute("sym_name").asString() + "' " + fault));
  }

  /// What is wrong with a map, or null.
  private static String fault(Map<String, Attribute> facts) {
    for (String key : List.of("kcc.of", "kcc.box", "kcc.swizzle")) {
      if (!facts.containsKey(key)) {
        return "is a tensor map without " + key;
      }
    }
    List<Long> box = facts.get("kcc.box").asLongs();
    if (box.isEmpty() || box.size() > TensorMaps.LARGEST_RANK) {
      return "has a box of rank " + box.size() + "; 1 to " + TensorMaps.LARGEST_RANK + " are possible";
    }
    for (long extent : box) {
      if (extent < 1 || extent > TensorMaps.LARGEST_EXTENT) {
        return "has a box with an extent of " + extent + "; 1 to " + TensorMaps.LARGEST_EXTENT + " are possible";
      }
    }
    long swizzle = facts.get("kcc.swizzle").asLong();
    if (!TensorMaps.SWIZZLES.contains(swizzle)) {
      return "has a swizzle of " + swizzle + " bytes; there are " + TensorMaps.SWIZZLES;
    }
    if (!TensorMaps.PROMOTIONS.contains(promotion(facts))) {
      return "has a promotion to " + promotion(facts) + " bytes; there are " + TensorMaps.PROMOTIONS;
    }
    Attribute rounds = facts.get("kcc.rounds");
    return rounds == null || rounds.asString().equals(NumericType.TF32.text()) ? null
        : "rounds to " + rounds.asString() + "; copies round to " + NumericType.TF32.text() + " only";
  }

  private static long promotion(Map<String, Attribute> facts) {
    return facts.containsKey("kcc.promotion") ? facts.get("kcc.promotion").asLong() : TensorMaps.DEFAULT_PROMOTION;
  }

  private static Attribute entry(Operation function, Map<String, Attribute> facts) {
    Map<String, Attribute> entry = new TreeMap<>();
    entry.put("of", facts.get("kcc.of"));
    entry.put("box", facts.get("kcc.box"));
    entry.put("swizzle", facts.get("kcc.swizzle"));
    entry.put("promotion", Attributes.i64(function.context(), promotion(facts)));
    if (facts.containsKey("kcc.rounds")) {
      entry.put("rounds", facts.get("kcc.rounds"));
    }
    return Attributes.dictionary(function.context(), entry);
  }
}
