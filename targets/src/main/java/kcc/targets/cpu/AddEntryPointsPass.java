// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.targets.cpu;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import kcc.mlir.ir.Attribute;
import kcc.mlir.ir.Operation;
import kcc.mlir.ir.OwnedModule;
import kcc.mlir.ir.Type;
import kcc.mlir.ir.Value;
import kcc.mlir.pass.KccPass;
import kcc.mlir.pass.PassContext;
import kcc.mlir.pass.PassInfo;
import kcc.mlir.pass.Statistic;

/// Adds for each kernel the C function that launchers call: it runs a range of the programs of a launch, one after
/// the other.
///
/// ```c
/// int64_t kcc_cpu_NAME(void *const *arguments,          // addresses of the arguments' values, as for cuLaunchKernel
///                      int32_t nx, int32_t ny, int32_t nz,
///                      int64_t first, int64_t last);    // programs first <= p < last, where p counts x fastest
/// ```
/// The result is 0, or -1 when there is no memory for the workspace, or `program << 16 | number of the assertion`
/// for the first program of the range that an assertion stopped. Ranges may run on several threads at a time.
public final class AddEntryPointsPass implements KccPass {
  static final String PREFIX = "kcc_cpu_";

  /// Ends the name of the constant that describes a kernel: the types of its parameters between blanks, then the
  /// message of each assertion, each with a zero byte behind it and one more at the end.
  static final String TEXTS = "_texts";

  private static final PassInfo INFO = new PassInfo(
      "kcc-cpu-add-entry-points",
      "add the C function that runs a range of a kernel's programs",
      Set.of("cpu-returns"),
      Set.of("cpu-entries"),
      List.of(new Statistic("entries", "entry points added")),
      List.of(),
      "builtin.module");

  @Override
  public PassInfo info() {
    return INFO;
  }

  @Override
  public void run(Operation module, PassContext context) {
    StringBuilder text = new StringBuilder("llvm.func @aligned_alloc(i64, i64) -> !llvm.ptr\nllvm.func @free(!llvm.ptr)\n");
    int entries = 0;
    for (Operation function : module.find("llvm.func")) {
      String name = OutlineProgramsPass.nameOf(function);
      if (name.endsWith(OutlineProgramsPass.SUFFIX)) {
        text.append(entry(function, name));
        text.append(texts(function, name));
        entries++;
      }
    }
    if (entries == 0) {
      return;
    }
    try (OwnedModule parsed = module.context().parse(text.toString(), "entry points")) {
      for (Operation function : parsed.body().operations()) {
        // The programs are only declared in the text.
        if (!OutlineProgramsPass.nameOf(function).endsWith(OutlineProgramsPass.SUFFIX)) {
          function.detach();
          module.region(0).first().append(function);
        }
      }
    }
    context.count("entries", entries);
  }

  private static String texts(Operation program, String programName) {
    StringBuilder texts = new StringBuilder();
    List<Value> parameters = program.region(0).first().arguments();
    int count = parameters.size() - regions(program).size() - 6;
    for (int i = 0; i < count; i++) {
      Type type = parameters.get(i).type();
      texts.append(i == 0 ? "" : " ").append(type.isLlvmPointer() ? "ptr" : type.toString());
    }
    texts.append('\0');
    Attribute assertions = program.attribute(LowerAssertsPass.ASSERTIONS);
    if (assertions != null) {
      for (Attribute message : assertions.asList()) {
        // An empty text would end the list.
        String text = message.asString().replace('\0', ' ');
        texts.append(text.isEmpty() ? " " : text).append('\0');
      }
    }
    texts.append('\0');
    StringBuilder escaped = new StringBuilder();
    for (byte b : texts.toString().getBytes(StandardCharsets.UTF_8)) {
      escaped.append("\\%02X".formatted(b & 0xFF));
    }
    return "llvm.mlir.global external constant @%s%s%s(\"%s\") {addr_space = 0 : i32}\n".formatted(
        PREFIX, kernelOf(programName), TEXTS, escaped);
  }

  private static String kernelOf(String programName) {
    return programName.substring(0, programName.length() - OutlineProgramsPass.SUFFIX.length());
  }

  private static List<Long> regions(Operation program) {
    Attribute sizes = program.attribute(PlanWorkspacePass.REGIONS);
    return sizes == null ? List.of() : sizes.asLongs();
  }

  private static String entry(Operation program, String programName) {
    List<Long> regions = regions(program);
    List<Value> parameters = program.region(0).first().arguments();
    int kernelParameters = parameters.size() - regions.size() - 6;
    List<String> operands = new ArrayList<>();
    List<String> types = new ArrayList<>();
    StringBuilder setup = new StringBuilder();
    for (int i = 0; i < kernelParameters; i++) {
      Type type = parameters.get(i).type();
      boolean bool = type.isInteger(1);
      setup.append("""
            %%slot%1$d = llvm.getelementptr %%arguments[%1$d] : (!llvm.ptr) -> !llvm.ptr, !llvm.ptr
            %%address%1$d = llvm.load %%slot%1$d : !llvm.ptr -> !llvm.ptr
            %%%2$s%1$d = llvm.load %%address%1$d : !llvm.ptr -> %3$s
          """.formatted(i, bool ? "byte" : "argument", bool ? "i8" : type));
      if (bool) {
        setup.append("  %%argument%1$d = llvm.trunc %%byte%1$d : i8 to i1\n".formatted(i));
      }
      operands.add("%argument" + i);
      types.add(type.toString());
    }
    operands.addAll(List.of("%x", "%y", "%z", "%nx", "%ny", "%nz"));
    types.addAll(List.of("i32", "i32", "i32", "i32", "i32", "i32"));
    long total = 0;
    for (int i = 0; i < regions.size(); i++) {
      setup.append("  %%region%d = llvm.getelementptr %%workspace[%d] : (!llvm.ptr) -> !llvm.ptr, i8\n"
          .formatted(i, total));
      operands.add("%region" + i);
      types.add("!llvm.ptr");
      // A cache line apart, so that two regions never share one.
      total += Math.ceilDiv(regions.get(i), PlanWorkspacePass.ALIGNMENT) * PlanWorkspacePass.ALIGNMENT;
    }
    return """
        llvm.func @"%6$s"(%8$s) -> i32
        llvm.func @%1$s%2$s(%%arguments: !llvm.ptr, %%nx: i32, %%ny: i32, %%nz: i32, %%first: i64, %%last: i64) -> i64 {
          %%zero = llvm.mlir.constant(0 : i64) : i64
          %%one = llvm.mlir.constant(1 : i64) : i64
          %%alignment = llvm.mlir.constant(%3$d : i64) : i64
          %%bytes = llvm.mlir.constant(%4$d : i64) : i64
          %%workspace = llvm.call @aligned_alloc(%%alignment, %%bytes) : (i64, i64) -> !llvm.ptr
          %%null = llvm.mlir.zero : !llvm.ptr
          %%got = llvm.icmp "ne" %%workspace, %%null : !llvm.ptr
          llvm.cond_br %%got, ^start, ^nomemory
        ^nomemory:
          %%minus = llvm.mlir.constant(-1 : i64) : i64
          llvm.return %%minus : i64
        ^start:
        %5$s
          %%wide_x = llvm.sext %%nx : i32 to i64
          %%wide_y = llvm.sext %%ny : i32 to i64
          llvm.br ^head(%%first : i64)
        ^head(%%p: i64):
          %%more = llvm.icmp "slt" %%p, %%last : i64
          llvm.cond_br %%more, ^body, ^end(%%zero : i64)
        ^body:
          %%px = llvm.srem %%p, %%wide_x : i64
          %%rows = llvm.sdiv %%p, %%wide_x : i64
          %%py = llvm.srem %%rows, %%wide_y : i64
          %%pz = llvm.sdiv %%rows, %%wide_y : i64
          %%x = llvm.trunc %%px : i64 to i32
          %%y = llvm.trunc %%py : i64 to i32
          %%z = llvm.trunc %%pz : i64 to i32
          %%failed = llvm.call @"%6$s"(%7$s) : (%8$s) -> i32
          %%none = llvm.mlir.constant(0 : i32) : i32
          %%ok = llvm.icmp "eq" %%failed, %%none : i32
          %%next = llvm.add %%p, %%one : i64
          llvm.cond_br %%ok, ^head(%%next : i64), ^stopped
        ^stopped:
          %%16 = llvm.mlir.constant(16 : i64) : i64
          %%place = llvm.shl %%p, %%16 : i64
          %%number = llvm.zext %%failed : i32 to i64
          %%code = llvm.or %%place, %%number : i64
          llvm.br ^end(%%code : i64)
        ^end(%%result: i64):
          llvm.call @free(%%workspace) : (!llvm.ptr) -> ()
          llvm.return %%result : i64
        }
        """.formatted(PREFIX, kernelOf(programName), PlanWorkspacePass.ALIGNMENT, Math.max(total, PlanWorkspacePass.ALIGNMENT),
        setup.toString().stripTrailing(), programName, String.join(", ", operands), String.join(", ", types));
  }
}
