// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.frontend.sema;

import java.util.List;

/// Reading, writing and atomic updates through pointers; parts of tensors are `A[i:i+BM, j]`.
final class MemoryBuiltins {
  private static final Builtin.Flags PLACE = new Builtin.Flags(true, false, true);
  private static final String ATOMIC = "a pointer, pointers, or in the native spelling a part of a tensor; value promoted "
      + "to what memory holds; gives the old values, except of slices without a mask";

  private MemoryBuiltins() {}

  static void addTo(List<Builtin> all) {
    all.add(Builtins.entry("load", List.of("load"),
        "pointer, mask=None, other=None, boundary_check=None, padding_option=None, cache_modifier=None, "
            + "eviction_policy=None, volatile=False", PLACE,
        "What the pointers point at; where the mask is false nothing is read and the result is other, or 0.",
        "mask and other stretch to the pointers' shape; other is converted", (evaluator, arguments) -> {
          if (arguments.get("pointer") instanceof Value.Part part) {
            return new Value.Runtime(evaluator.session.memory.read(
                part, arguments.get("mask"), arguments.get("other"), cache(arguments)));
          }
          if (arguments.get("pointer") instanceof Value.BlockPointer block) {
            BlockBuiltins.requireZeroPadding(arguments);
            return new Value.Runtime(evaluator.session.memory.read(
                BlockBuiltins.whole(block.tensor(), block.offsets(), block.block()), arguments.get("mask"),
                arguments.get("other"), cache(arguments)));
          }
          return evaluator.session.memory.load(
              arguments.get("pointer"), arguments.get("mask"), arguments.get("other"), cache(arguments));
        }));
    all.add(Builtins.entry("store", List.of("store"),
        "pointer, value, mask=None, boundary_check=None, cache_modifier=None, eviction_policy=None", PLACE,
        "Writes where the mask is true.", "value and mask stretch to the pointers' shape; value is converted",
        (evaluator, arguments) -> {
          if (arguments.get("pointer") instanceof Value.Part part) {
            evaluator.session.memory.write(part, arguments.get("value"), arguments.get("mask"), cache(arguments));
          } else if (arguments.get("pointer") instanceof Value.BlockPointer block) {
            evaluator.session.memory.write(BlockBuiltins.whole(block.tensor(), block.offsets(), block.block()),
                arguments.get("value"), arguments.get("mask"), cache(arguments));
          } else {
            evaluator.session.memory.store(
                arguments.get("pointer"), arguments.get("value"), arguments.get("mask"), cache(arguments));
          }
          return Value.NONE_VALUE;
        }));
    all.add(atomic("atomic_add", "Adds to memory.", AtomicFamily.ADD));
    all.add(atomic("atomic_max", "Keeps the larger value in memory.", AtomicFamily.MAX));
    all.add(atomic("atomic_min", "Keeps the smaller value in memory.", AtomicFamily.MIN));
    all.add(atomic("atomic_and", "Bitwise and into memory.", AtomicFamily.AND));
    all.add(atomic("atomic_or", "Bitwise or into memory.", AtomicFamily.OR));
    all.add(atomic("atomic_xor", "Bitwise exclusive or into memory.", AtomicFamily.XOR));
    all.add(atomic("atomic_xchg", "Puts a value into memory and gives the old one.", AtomicFamily.EXCHANGE));
    all.add(Builtins.both("atomic_cas", "pointer, cmp, val, sem=None, scope=None",
        "Puts val into memory where it holds cmp; gives the old values.", "values promoted to what memory holds",
        (evaluator, arguments) -> evaluator.session.memory.compareSwap(arguments.get("pointer"), arguments.get("cmp"),
            arguments.get("val"), order(arguments), scope(arguments))));
  }

  private static Builtin atomic(String name, String summary, AtomicFamily family) {
    return Builtins.entry(name, List.of(name), "pointer, val|value, mask=None, sem=None, scope=None", PLACE, summary, ATOMIC,
        (evaluator, arguments) -> evaluator.session.memory.atomic(name, family, arguments.get("pointer"),
            arguments.get("val"), arguments.get("mask"), order(arguments), scope(arguments)));
  }

  // Numbers of the kcc dialect's enumerations; Triton's defaults are acq_rel and gpu.
  private static int order(Arguments arguments) {
    String order = arguments.has("sem") ? arguments.text("sem") : "acq_rel";
    return switch (order) {
      case "relaxed" -> 0;
      case "acquire" -> 1;
      case "release" -> 2;
      case "acq_rel" -> 3;
      default -> throw arguments.error(FrontEndCode.CALL, "there is no memory order '" + order + "'",
          "use \"relaxed\", \"acquire\", \"release\" or \"acq_rel\"");
    };
  }

  private static int scope(Arguments arguments) {
    String scope = arguments.has("scope") ? arguments.text("scope") : "gpu";
    return switch (scope) {
      case "cta" -> 0;
      case "gpu" -> 1;
      case "sys" -> 2;
      default -> throw arguments.error(FrontEndCode.CALL, "there is no scope '" + scope + "'",
          "use \"cta\", \"gpu\" or \"sys\"");
    };
  }

  private static CacheHint cache(Arguments arguments) {
    String policy = arguments.text("eviction_policy");
    String modifier = arguments.text("cache_modifier");
    boolean isVolatile = arguments.get("volatile") != null && arguments.flag("volatile");
    if (isVolatile) {
      return CacheHint.VOLATILE;
    }
    if (!policy.isEmpty() && !policy.equals("evict_normal")) {
      return switch (policy) {
        case "evict_first" -> CacheHint.EVICT_FIRST;
        case "evict_last" -> CacheHint.EVICT_LAST;
        default -> throw arguments.error(FrontEndCode.CALL, "there is no eviction policy '" + policy + "'",
            "use \"evict_first\" or \"evict_last\"");
      };
    }
    return switch (modifier) {
      case "", ".ca", ".wb" -> CacheHint.DEFAULT;
      case ".cg" -> CacheHint.L2_ONLY;
      case ".cs" -> CacheHint.STREAMING;
      case ".cv", ".wt" -> CacheHint.VOLATILE;
      default -> throw arguments.error(FrontEndCode.CALL, "there is no cache modifier '" + modifier + "'",
          "use \".ca\", \".cg\", \".cs\" or \".cv\"");
    };
  }
}
