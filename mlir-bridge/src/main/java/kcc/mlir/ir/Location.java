// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.mlir.ir;

import static kcc.mlir.raw.Mlir.*;

import java.util.List;
import kcc.mlir.diag.SourceLocation;
import kcc.mlir.raw.MlirLocation;
import org.bytedeco.javacpp.PointerPointer;

/// Where an operation comes from. Unique in its context.
public final class Location extends Handle<MlirLocation> {
  Location(MlirContext context, MlirLocation raw) {
    super(context, raw);
  }

  public static Location unknown(MlirContext context) {
    return new Location(context, mlirLocationUnknownGet(context.raw()));
  }

  /// @param line   from 1
  /// @param column from 1
  public static Location file(MlirContext context, String name, int line, int column) {
    return new Location(context, mlirLocationFileLineColGet(context.raw(), context.name(name), line, column));
  }

  public static Location of(MlirContext context, SourceLocation place) {
    return file(context, place.file(), place.line(), place.column());
  }

  /// A place in a function, and the place where that function was called and inlined.
  public static Location callSite(Location callee, Location caller) {
    return new Location(callee.context(), mlirLocationCallSiteGet(callee.raw(), caller.raw()));
  }

  public static Location named(MlirContext context, String name, Location child) {
    return new Location(context, mlirLocationNameGet(context.raw(), context.name(name), child.raw()));
  }

  /// The one place of an operation that stands for several.
  public static Location fused(MlirContext context, List<Location> locations) {
    return new Location(context,
        mlirLocationFusedGet(context.raw(), locations.size(), context.scratch().pointers(locations), null));
  }

  public boolean isUnknown() {
    return equals(unknown(context()));
  }

  /// The name of a named location, or null.
  public String name() {
    return mlirLocationIsAName(raw()) ? context().text(mlirLocationNameGetName(raw())) : null;
  }

  /// The caller of the innermost call site in this location, or null when it is inside of none.
  public Location caller() {
    if (mlirLocationIsACallSite(raw())) {
      Location inner = new Location(context(), mlirLocationCallSiteGetCallee(raw())).caller();
      Location outer = new Location(context(), mlirLocationCallSiteGetCaller(raw()));
      return inner == null ? outer : callSite(inner, outer);
    }
    return mlirLocationIsAName(raw()) ? child().caller() : null;
  }

  /// The innermost file, line and column, or null when no file is known.
  public SourceLocation toSource() {
    if (mlirLocationIsAFileLineColRange(raw())) {
      return new SourceLocation(
          context().text(mlirLocationFileLineColRangeGetFilename(raw())),
          mlirLocationFileLineColRangeGetStartLine(raw()),
          mlirLocationFileLineColRangeGetStartColumn(raw()));
    }
    if (mlirLocationIsACallSite(raw())) {
      SourceLocation callee = new Location(context(), mlirLocationCallSiteGetCallee(raw())).toSource();
      return callee != null ? callee : new Location(context(), mlirLocationCallSiteGetCaller(raw())).toSource();
    }
    if (mlirLocationIsAName(raw())) {
      return child().toSource();
    }
    return mlirLocationIsAFused(raw()) ? firstFused() : null;
  }

  private Location child() {
    return new Location(context(), mlirLocationNameGetChildLoc(raw()));
  }

  private SourceLocation firstFused() {
    int count = mlirLocationFusedGetNumLocations(raw());
    try (PointerPointer<MlirLocation> parts = new PointerPointer<>(count)) {
      mlirLocationFusedGetLocations(raw(), parts);
      for (int i = 0; i < count; i++) {
        SourceLocation place = new Location(context(), parts.get(MlirLocation.class, i)).toSource();
        if (place != null) {
          return place;
        }
      }
      return null;
    }
  }

  @Override
  public String toString() {
    return Text.printed((callback, data) -> mlirLocationPrint(raw(), callback, data));
  }
}
