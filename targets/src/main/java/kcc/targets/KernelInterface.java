// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.targets;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import kcc.mlir.diag.Diagnostic;
import kcc.mlir.diag.SourceLocation;
import kcc.mlir.diag.UnsupportedException;
import kcc.mlir.ir.AffineExpression;
import kcc.mlir.ir.Attribute;
import kcc.mlir.ir.Operation;
import kcc.mlir.ir.Value;
import kcc.targets.binary.Manifest;

/// A kernel as its callers see it: read off the `gpu.func` at the tile level, before passes replace arguments and drop
/// attributes. See "Kernel function" in docs/dialect.md.
///
/// @param arguments machine arguments in the order of the function's signature, without tensor maps: passes add those,
///                  behind all others
/// @param grid      expressions over sizes and integer scalars, null when the host gives the grid
/// @param requires  conditions on sizes and integer scalars, such as `N % 16 == 0`
/// @param takesTensorMaps whether it does so before any pass, which only IR written by hand does
/// @param accumulates whether results gather many numbers, so that their rounding errors grow with the sizes
/// @param location  where the kernel is defined, or null
public record KernelInterface(
    String name,
    String source,
    List<Manifest.Parameter> parameters,
    List<String> sizes,
    Map<String, Object> constants,
    List<Manifest.Argument> arguments,
    List<String> grid,
    List<String> requires,
    boolean takesTensorMaps,
    boolean accumulates,
    SourceLocation location) {

  public KernelInterface {
    parameters = List.copyOf(parameters);
    sizes = List.copyOf(sizes);
    arguments = List.copyOf(arguments);
    requires = List.copyOf(requires);
  }

  /// The interface of the kernel `function`, a `gpu.func` in a `gpu.module`.
  public static KernelInterface of(Operation function) {
    Reader reader = new Reader(function);
    for (Value argument : function.region(0).first().arguments()) {
      reader.add(argument);
    }
    reader.requires.addAll(names(function.attribute("kcc.requires")));
    return new KernelInterface(
        function.attribute("sym_name").asString(),
        source(function),
        reader.parameters,
        List.copyOf(reader.sizes),
        constants(function),
        reader.arguments,
        grid(function),
        reader.requires,
        reader.takesTensorMaps,
        accumulates(function),
        function.location().toSource());
  }

  private static final Set<String> ACCUMULATING =
      Set.of("linalg.reduce", "linalg.matmul", "linalg.batch_matmul", "kcc.scan", "kcc.atomic_rmw", "kcc.atomic_tile");

  private static boolean accumulates(Operation function) {
    boolean[] found = {false};
    function.walk(operation -> {
      boolean carries = (operation.is("scf.for") || operation.is("scf.while")) && !operation.results().isEmpty();
      found[0] |= carries || ACCUMULATING.contains(operation.name());
    });
    return found[0];
  }

  /// Refuses a kernel with tensor maps for a target whose copies have none.
  ///
  /// @throws UnsupportedException naming the kernel and the target
  public void requireNoTensorMaps(String target) {
    if (takesTensorMaps) {
      throw new UnsupportedException(Diagnostic.error("KCC4341", location,
          "kernel '" + name + "' takes tensor maps, which " + target + " has none of"));
    }
  }

  /// The same with the launch space that passes left in a lowered module, where they changed it.
  public KernelInterface launchedAs(Operation module) {
    List<String> changed = new ArrayList<>();
    module.walk(op -> {
      if (op.hasAttribute("kcc.grid") && op.hasAttribute("sym_name") && op.attribute("sym_name").asString().equals(name)) {
        changed.addAll(grid(op));
      }
    });
    return changed.isEmpty() ? this : new KernelInterface(name, source, parameters, sizes, constants, arguments, changed, requires,
        takesTensorMaps, accumulates, location);
  }

  /// The launch space in blocks, where a program takes several along x.
  public List<String> gridInBlocks(int blocks) {
    if (grid == null || blocks == 1) {
      return grid;
    }
    List<String> inBlocks = new ArrayList<>(grid);
    String programs = grid.getFirst();
    inBlocks.set(0, (programs.matches("\\w+") ? programs : "(" + programs + ")") + " * " + blocks);
    return inBlocks;
  }

  private static String source(Operation function) {
    Operation module = function.parent();
    Attribute source = module == null ? null : module.attribute("kcc.source");
    // The base name alone: the same file must give the same bytes wherever it lies.
    return source == null ? null : source.asString().replaceFirst(".*/", "");
  }

  private static Map<String, Object> constants(Operation function) {
    Map<String, Object> constants = new LinkedHashMap<>();
    Attribute attribute = function.attribute("kcc.constants");
    if (attribute != null) {
      attribute.asMap().forEach((name, value) -> constants.put(name, constant(value)));
    }
    return constants;
  }

  private static Object constant(Attribute value) {
    if (value.isBool()) {
      return value.asBool();
    }
    if (value.isInteger()) {
      return value.asLong();
    }
    return value.isString() ? value.asString() : value.toString();
  }

  private static List<String> grid(Operation function) {
    Attribute map = function.attribute("kcc.grid");
    if (map == null) {
      return null;
    }
    List<String> symbols = names(function.attribute("kcc.grid_symbols"));
    List<String> grid = new ArrayList<>();
    for (AffineExpression extent : map.asAffineMap().results()) {
      grid.add(GridExpression.of(extent, symbols));
    }
    return grid;
  }

  private static List<String> names(Attribute list) {
    List<String> names = new ArrayList<>();
    if (list != null) {
      for (Attribute name : list.asList()) {
        names.add(name.asString());
      }
    }
    return names;
  }

  private static final class Reader {
    private final List<Attribute> attributes;
    final List<Manifest.Parameter> parameters = new ArrayList<>();
    final List<Manifest.Argument> arguments = new ArrayList<>();
    final Set<String> sizes = new LinkedHashSet<>();
    final List<String> requires = new ArrayList<>();
    boolean takesTensorMaps;

    Reader(Operation function) {
      Attribute all = function.attribute("arg_attrs");
      if (all == null) {
        throw new IllegalArgumentException("kernel " + function.attribute("sym_name") + " has no argument attributes");
      }
      this.attributes = all.asList();
    }

    void add(Value argument) {
      Map<String, Attribute> facts = attributes.get(argument.index()).asMap();
      String kind = facts.get("kcc.kind").asString();
      if (kind.equals("tensor_map")) {
        takesTensorMaps = true;
        return; // no argument of the user's: the target reads all of them from the function it makes code of
      }
      String name = facts.get("kcc.name").asString();
      Long divisibility = facts.containsKey("kcc.divisibility") ? (Long) facts.get("kcc.divisibility").asLong() : null;
      switch (kind) {
        case "tensor" -> {
          parameters.add(new Manifest.Parameter(name, Manifest.Parameter.Kind.TENSOR, type(facts), shape(facts),
              MemoryAccess.of(argument), divisibility));
          arguments.add(new Manifest.Argument.Pointer(name));
        }
        case "pointer" -> {
          parameters.add(new Manifest.Parameter(name, Manifest.Parameter.Kind.POINTER, type(facts), null,
              MemoryAccess.of(argument), divisibility));
          arguments.add(new Manifest.Argument.Pointer(name));
        }
        case "scalar" -> {
          parameters.add(new Manifest.Parameter(name, Manifest.Parameter.Kind.SCALAR, type(facts), null, null, null));
          arguments.add(new Manifest.Argument.Scalar(name, type(facts)));
          require(name, divisibility);
        }
        case "size" -> {
          sizes.add(name);
          arguments.add(new Manifest.Argument.Size(name, "i64"));
          require(name, divisibility);
        }
        default -> throw new IllegalArgumentException("argument '" + name + "' has the unknown kcc.kind '" + kind + "'");
      }
    }

    private void require(String name, Long divisibility) {
      if (divisibility != null && divisibility > 1) {
        requires.add(name + " % " + divisibility + " == 0");
      }
    }

    private static String type(Map<String, Attribute> facts) {
      return facts.get("kcc.dtype").asString();
    }

    private static List<String> shape(Map<String, Attribute> facts) {
      List<String> shape = new ArrayList<>();
      for (Attribute extent : facts.get("kcc.shape").asList()) {
        shape.add(extent.isString() ? extent.asString() : Long.toString(extent.asLong()));
      }
      return shape;
    }
  }
}
