// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.maven;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class CompilerMessagesTest {
  @Test
  void linesOfAMessageShareItsLevel() {
    RecordingLog log = new RecordingLog();
    """
    kcc: building kcc
    /a b/gemm.py:12:11: error: unknown name 'zeroes' [KCC1001]
      12 |     acc = zeroes("warning: no")
         |           ^~~~~~
    help: did you mean 'zeros'?
    /a b/gemm.py:3:1: warning: not used
    /a b/gemm.py:3:1: note: declared here
    /a b/gemm.py:4:1: remark: 16-byte accesses, no error: fine
    kcc: error: no JDK 25
      help: install one
    kcc: compiling
    """.lines().forEach(new CompilerMessages(log)::line);
    assertEquals(
        List.of(
            "INFO kcc: building kcc",
            "ERROR /a b/gemm.py:12:11: error: unknown name 'zeroes' [KCC1001]",
            "ERROR   12 |     acc = zeroes(\"warning: no\")",
            "ERROR      |           ^~~~~~",
            "ERROR help: did you mean 'zeros'?",
            "WARNING /a b/gemm.py:3:1: warning: not used",
            "WARNING /a b/gemm.py:3:1: note: declared here",
            "INFO /a b/gemm.py:4:1: remark: 16-byte accesses, no error: fine",
            "ERROR kcc: error: no JDK 25",
            "ERROR   help: install one",
            "INFO kcc: compiling"),
        log.lines);
  }
}
