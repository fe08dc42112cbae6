// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.mlir.ir;

import static kcc.mlir.raw.Mlir.*;

import kcc.mlir.raw.MlirOpPrintingFlags;

/// How much of an operation is printed.
public enum PrintStyle {
  /// The operation's own syntax, without locations.
  PRETTY,
  /// Also locations, in a form that parses back.
  LOCATIONS,
  /// The syntax that all operations share.
  GENERIC,
  /// One line for messages: without regions, large constants and attribute aliases.
  BRIEF;

  String print(Operation operation) {
    MlirOpPrintingFlags flags = mlirOpPrintingFlagsCreate();
    try {
      switch (this) {
        case PRETTY -> {}
        case LOCATIONS -> mlirOpPrintingFlagsEnableDebugInfo(flags, true, false);
        case GENERIC -> mlirOpPrintingFlagsPrintGenericOpForm(flags);
        case BRIEF -> {
          mlirOpPrintingFlagsUseLocalScope(flags);
          mlirOpPrintingFlagsSkipRegions(flags);
          mlirOpPrintingFlagsElideLargeElementsAttrs(flags, 16);
        }
      }
      return Text.taken(kccOperationText(operation.raw(), flags));
    } finally {
      mlirOpPrintingFlagsDestroy(flags);
    }
  }
}
