// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.targets.cpu;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import kcc.mlir.diag.Diagnostic;
import kcc.mlir.ir.Attribute;
import kcc.mlir.ir.Attributes;
import kcc.mlir.ir.Block;
import kcc.mlir.ir.MlirContext;
import kcc.mlir.ir.Operation;
import kcc.mlir.ir.Region;
import kcc.mlir.ir.TensorType;
import kcc.mlir.ir.Type;
import kcc.mlir.ir.Types;
import kcc.mlir.ir.Value;
import kcc.mlir.pass.KccPass;
import kcc.mlir.pass.PassContext;
import kcc.mlir.pass.PassInfo;
import kcc.mlir.pass.Statistic;

/// Makes every floating-point type of a kernel `f64`: values, tiles, and the memory behind pointers and views.
///
/// ```mlir
/// %t = kcc.load_tile %v[%r] dims [0] : !kcc.view<?xf16> -> tensor<64xf16>   arith.extf %t : f16 to f32
/// // becomes
/// %t = kcc.load_tile %v[%r] dims [0] : !kcc.view<?xf64> -> tensor<64xf64>
/// ```
/// Conversions between floating-point types disappear, and with them the roundings they stand for. Reinterpreting a
/// number as bits goes through the type that was written. Constants keep the value they had in their type.
public final class WidenFloatsPass implements KccPass {
  private static final PassInfo INFO = new PassInfo(
      "kcc-cpu-widen-floats",
      "make every floating-point type f64, for references",
      Set.of(),
      Set.of(),
      List.of(new Statistic("values", "values that are f64 now")),
      List.of(),
      "gpu.func");

  @Override
  public PassInfo info() {
    return INFO;
  }

  @Override
  public void run(Operation kernel, PassContext context) {
    kernel.walk(operation -> {
      switch (operation.name()) {
        case "arith.constant" -> constant(operation, context);
        case "arith.bitcast" -> throughWrittenType(operation);
        default -> { }
      }
    });
    kernel.walkPreOrder(operation -> {
      if (!operation.hasAttribute(KEEP)) {
        widenResults(operation, context);
      }
    });
    kernel.walk(operation -> {
      boolean between = operation.is("arith.extf") || operation.is("arith.truncf");
      if (between && !operation.hasAttribute(KEEP)) {
        operation.replaceWith(operation.operand(0));
      } else {
        operation.removeAttribute(KEEP);
      }
    });
    List<Type> inputs = new ArrayList<>(CodeBuilder.types(kernel.region(0).first().arguments()));
    kernel.setAttribute("function_type",
        Attributes.type(Types.function(kernel.context(), inputs, List.of())));
  }

  /// On the operations around a reinterpretation, whose types stay.
  private static final String KEEP = "kcc.cpu.keep";

  private static void widenResults(Operation operation, PassContext context) {
    for (Value result : operation.results()) {
      widen(result, context);
    }
    for (Region region : operation.regions()) {
      for (Block block : region.blocks()) {
        for (Value argument : block.arguments()) {
          widen(argument, context);
        }
      }
    }
  }

  private static void widen(Value value, PassContext context) {
    Type wide = widened(value.type());
    if (!wide.equals(value.type())) {
      value.setType(wide);
      context.count("values", 1);
    }
  }

  private static Type widened(Type type) {
    MlirContext context = type.context();
    if (type.isFloat()) {
      return Types.f64(context);
    }
    if (type.isInteger()) {
      return type;
    }
    if (type.isTensor()) {
      TensorType tile = TensorType.of(type);
      return tile.withElement(widened(tile.element())).type();
    }
    if (PointerTypes.isPointer(type)) {
      return context.type("!kcc.ptr<" + widened(PointerTypes.pointee(type)) + ">");
    }
    String text = type.toString();
    if (text.startsWith("!kcc.view<")) {
      int element = text.lastIndexOf('x') + 1;
      String name = text.substring(element, text.length() - 1);
      // An element type such as f8E4M3FN has no 'x' in it, so the last one ends the sizes.
      return context.type(text.substring(0, element) + widened(context.type(name)) + ">");
    }
    return type;
  }

  private static void constant(Operation constant, PassContext context) {
    Type type = constant.result().type();
    Type wide = widened(type);
    if (wide.equals(type)) {
      return;
    }
    Attribute value = constant.attribute("value");
    Attribute splat = value.splatValue();
    Type f64 = Types.f64(constant.context());
    if (value.isFloat()) {
      constant.setAttribute("value", Attributes.floating(f64, value.asDouble()));
    } else if (splat != null) {
      constant.setAttribute("value", Attributes.splat(wide, Attributes.floating(f64, splat.asDouble())));
    } else {
      throw context.fail(Diagnostic.error("KCC4303", constant.location().toSource(),
          "a tile constant with several values has no reference in f64 yet"));
    }
    constant.result().setType(wide);
  }

  /// `bitcast %x : f32 to i32` reads the bits of the number as an `f32`, whatever it is computed in.
  private static void throughWrittenType(Operation cast) {
    CodeBuilder code = CodeBuilder.before(cast);
    Value source = cast.operand(0);
    Type from = source.type();
    Type to = cast.result().type();
    Type f64 = Types.f64(cast.context());
    Attribute mark = Attributes.unit(cast.context());
    Value narrow = source;
    if (from.elementOrSelf().isFloat() && !from.elementOrSelf().equals(f64)) {
      narrow = code.create("arith.truncf").attribute(KEEP, mark).operand(source).result(from).value();
    }
    Value bits = code.create("arith.bitcast").attribute(KEEP, mark).operand(narrow).result(to).value();
    if (to.elementOrSelf().isFloat() && !to.elementOrSelf().equals(f64)) {
      bits = code.create("arith.extf").attribute(KEEP, mark).operand(bits).result(widened(to)).value();
    }
    cast.replaceWith(bits);
  }
}
