// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.mlir.diag;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/// One message to the user. The text names the user's value and the limit it broke; `help` says what to change.
///
/// Codes: `KCC1xxx` front end, `2xxx` passes, `3xxx` scheduling, `4xxx` targets, `5xxx` tools.
///
/// @param code     stable key such as `KCC1001`, or null for a message that comes from MLIR or LLVM and for notes
/// @param location place in the user's source, or null when there is none
/// @param notes    further places that explain the message, in the order they are printed
/// @param help     what the user can do, or null
public record Diagnostic(
    String code, Severity severity, SourceLocation location, String text, List<Diagnostic> notes, String help) {

  public Diagnostic {
    Objects.requireNonNull(severity, "severity");
    Objects.requireNonNull(text, "text");
    notes = List.copyOf(notes);
  }

  public static Diagnostic error(String code, SourceLocation location, String text) {
    return new Diagnostic(code, Severity.ERROR, location, text, List.of(), null);
  }

  public static Diagnostic warning(String code, SourceLocation location, String text) {
    return new Diagnostic(code, Severity.WARNING, location, text, List.of(), null);
  }

  public static Diagnostic remark(String code, SourceLocation location, String text) {
    return new Diagnostic(code, Severity.REMARK, location, text, List.of(), null);
  }

  public static Diagnostic note(SourceLocation location, String text) {
    return new Diagnostic(null, Severity.NOTE, location, text, List.of(), null);
  }

  /// The same message with one more note at the end.
  public Diagnostic withNote(SourceLocation place, String noteText) {
    List<Diagnostic> more = new ArrayList<>(notes);
    more.add(note(place, noteText));
    return new Diagnostic(code, severity, location, text, more, help);
  }

  public Diagnostic withHelp(String newHelp) {
    return new Diagnostic(code, severity, location, text, notes, newHelp);
  }

  public Diagnostic withText(String newText) {
    return new Diagnostic(code, severity, location, newText, notes, help);
  }

  public Diagnostic withLocation(SourceLocation newLocation) {
    return new Diagnostic(code, severity, newLocation, text, notes, help);
  }

  public boolean isError() {
    return severity == Severity.ERROR;
  }

  /// The first printed line: `file:line:column: error: text [KCC1001]`.
  public String headline() {
    String place = location == null ? "" : location + ": ";
    String key = code == null ? "" : " [" + code + "]";
    return place + severity.label() + ": " + text + key;
  }

  @Override
  public String toString() {
    return headline();
  }
}
