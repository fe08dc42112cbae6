// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.frontend.emit;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import kcc.frontend.sema.ElementType;
import kcc.frontend.sema.Polynomial;
import kcc.frontend.sema.TileProgram;
import kcc.mlir.diag.SourceLocation;
import kcc.mlir.ir.Attribute;
import kcc.mlir.ir.Attributes;
import kcc.mlir.ir.Block;
import kcc.mlir.ir.Location;
import kcc.mlir.ir.MlirContext;
import kcc.mlir.ir.OpBuilder;
import kcc.mlir.ir.Operation;
import kcc.mlir.ir.OwnedModule;
import kcc.mlir.ir.Type;
import kcc.mlir.ir.Types;

/// One program to a module of the tile level: a `gpu.module` with one `gpu.func`.
public final class TileEmitter {
  private final MlirContext context;
  private final TileProgram program;
  private final TileTypes types;

  private TileEmitter(MlirContext context, TileProgram program) {
    this.context = context;
    this.program = program;
    this.types = new TileTypes(context);
  }

  public static OwnedModule emit(MlirContext context, TileProgram program) {
    return new TileEmitter(context, program).run();
  }

  private OwnedModule run() {
    SourceLocation source = program.place().location();
    Location location = Location.of(context, source);
    OwnedModule module = OwnedModule.create(location);
    try {
      Operation gpuModule = OpBuilder.atEnd(module.body()).at(location).create("gpu.module")
          .attribute("sym_name", Attributes.string(context, program.name()))
          .attribute("kcc.source", Attributes.string(context, program.file()))
          .region(region -> function(region.appendBlock(List.of(), location), location))
          .build();
      gpuModule.setAttribute("sym_name", Attributes.string(context, program.name()));
      return module;
    } catch (RuntimeException failure) {
      module.close();
      throw failure;
    }
  }

  private void function(Block moduleBody, Location location) {
    List<Type> argumentTypes = new ArrayList<>();
    program.arguments().forEach(argument -> argumentTypes.add(types.of(argument.value().type())));
    OpBuilder.atEnd(moduleBody).at(location).create("gpu.func")
        .attribute("sym_name", Attributes.string(context, program.name()))
        .attribute("function_type", Attributes.type(Types.function(context, argumentTypes, List.of())))
        .attribute("gpu.kernel", Attributes.unit(context))
        .attribute("arg_attrs", Attributes.array(context, argumentAttributes()))
        .region(region -> {
          Block body = region.appendBlock(argumentTypes, location);
          OperationEmitter emitter = new OperationEmitter(context, types);
          for (int i = 0; i < program.arguments().size(); i++) {
            emitter.define(program.arguments().get(i).value(), body.argument(i));
          }
          emitter.emit(program.operations(), body);
          OpBuilder.atEnd(body).at(location).create("gpu.return").build();
        })
        .build();
    Operation function = moduleBody.operations().getFirst();
    functionAttributes().forEach(function::setAttribute);
  }

  private List<Attribute> argumentAttributes() {
    List<Attribute> all = new ArrayList<>();
    for (TileProgram.Argument argument : program.arguments()) {
      Map<String, Attribute> one = new LinkedHashMap<>();
      one.put("kcc.name", Attributes.string(context, argument.name()));
      one.put("kcc.kind", Attributes.string(context, argument.kind().text()));
      if (argument.kind() != TileProgram.Kind.SIZE) {
        one.put("kcc.dtype", Attributes.string(context, argument.element().text()));
      }
      if (argument.kind() == TileProgram.Kind.TENSOR) {
        List<Attribute> shape = new ArrayList<>();
        for (String size : argument.shape()) {
          shape.add(Character.isDigit(size.charAt(0)) ? Attributes.i64(context, Long.parseLong(size))
              : Attributes.string(context, size));
        }
        one.put("kcc.shape", Attributes.array(context, shape));
      }
      if (argument.divisibility() > 0) {
        one.put("kcc.divisibility", Attributes.i64(context, argument.divisibility()));
      }
      all.add(Attributes.dictionary(context, one));
    }
    return all;
  }

  private Map<String, Attribute> functionAttributes() {
    Map<String, Attribute> attributes = new LinkedHashMap<>();
    if (program.grid() != null) {
      TreeSet<String> names = new TreeSet<>();
      program.grid().forEach(extent -> extent.collectSymbols(names));
      List<String> symbols = List.copyOf(names);
      attributes.put("kcc.grid", Attributes.affineMap(context, affineMap(symbols)));
      attributes.put("kcc.grid_symbols", strings(symbols));
    }
    Map<String, Attribute> constants = new LinkedHashMap<>();
    program.constants().forEach((name, value) -> constants.put(name, constant(value)));
    attributes.put("kcc.constants", Attributes.dictionary(context, constants));
    if (!program.requirements().isEmpty()) {
      attributes.put("kcc.requires", strings(program.requirements()));
    }
    if (program.numWarps() > 0) {
      attributes.put("kcc.num_warps", Attributes.i32(context, program.numWarps()));
    }
    return attributes;
  }

  private String affineMap(List<String> symbols) {
    List<String> parameters = new ArrayList<>();
    for (int i = 0; i < symbols.size(); i++) {
      parameters.add("s" + i);
    }
    List<String> results = new ArrayList<>();
    for (Polynomial extent : program.grid()) {
      results.add(extent.toAffine(symbols));
    }
    String declared = parameters.isEmpty() ? "" : "[" + String.join(", ", parameters) + "]";
    return "affine_map<()" + declared + " -> (" + String.join(", ", results) + ")>";
  }

  private Attribute strings(List<String> texts) {
    List<Attribute> attributes = new ArrayList<>();
    texts.forEach(text -> attributes.add(Attributes.string(context, text)));
    return Attributes.array(context, attributes);
  }

  private Attribute constant(Object value) {
    return switch (value) {
      case BigInteger integer when integer.bitLength() < 64 -> Attributes.i64(context, integer.longValue());
      case Double number -> Attributes.floating(Types.f64(context), number);
      case Boolean flag -> Attributes.bool(context, flag);
      case ElementType type -> Attributes.string(context, type.text());
      default -> Attributes.string(context, value.toString());
    };
  }
}
