// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.targets.binary;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ManifestTest {
  /// Launchers on other sides of a release read this text, so its form is fixed here letter by letter.
  @Test
  void jsonHasItsKeysInOrderAndNothingUnknown() {
    Map<String, Object> constants = new LinkedHashMap<>();
    constants.put("BM", 64L);
    constants.put("CAUSAL", true);
    Manifest manifest = new Manifest("softmax", "softmax", "h100", "sm_90a", "softmax.py",
        List.of(new Manifest.Parameter("X", Manifest.Parameter.Kind.TENSOR, "bf16", List.of("M", "128"), "read", 16L),
            new Manifest.Parameter("scale", Manifest.Parameter.Kind.SCALAR, "f32", null, null, null)),
        List.of("M"), constants,
        List.of(new Manifest.Argument.Pointer("X"), new Manifest.Argument.Size("M", "i64"),
            new Manifest.Argument.Stride("X", 0, "i64"), new Manifest.Argument.Scalar("scale", "f32"),
            new Manifest.Argument.Grid(0, "i32"), new Manifest.Argument.Program(1, "i32")),
        List.of(), List.of("ceildiv(M, 64)", "1", "1"), List.of(128, 1, 1), List.of(1, 1, 1), null,
        new Manifest.SharedBytes(0, 49152), List.of("M % 8 == 0"), 64, 0, null, null, Map.of("kcc", "0.1.0"));
    assertEquals("""
        {"format":1,"kernel":"softmax","symbol":"softmax","target":"h100","arch":"sm_90a","source":"softmax.py",\
        "parameters":[{"name":"X","kind":"tensor","type":"bf16","shape":["M","128"],"access":"read","alignment":16},\
        {"name":"scale","kind":"scalar","type":"f32"}],"sizes":["M"],"constants":{"BM":64,"CAUSAL":true},\
        "arguments":[{"kind":"pointer","of":"X"},{"kind":"size","of":"M","type":"i64"},\
        {"kind":"stride","of":"X","axis":0,"type":"i64"},{"kind":"scalar","of":"scale","type":"f32"},\
        {"kind":"grid","axis":0,"type":"i32"},{"kind":"program","axis":1,"type":"i32"}],"tensorMaps":[],\
        "grid":["ceildiv(M, 64)","1","1"],"block":[128,1,1],"cluster":[1,1,1],"sharedMemory":{"static":0,"dynamic":49152},\
        "requires":["M % 8 == 0"],"registers":64,"spillBytes":0,"compiler":{"kcc":"0.1.0"}}""", manifest.toJson());
  }

  @Test
  void tensorMapsAndPersistenceComeWithTheirNumbers() {
    Manifest manifest = new Manifest("gemm", "gemm", "h100", "sm_90a", null, List.of(), List.of(), Map.of(),
        List.of(new Manifest.Argument.TensorMap(0)), List.of(new Manifest.TensorMap("A", List.of(128, 64), 128, 256, false)),
        List.of("M"), List.of(384, 1, 1), List.of(2, 1, 1), 1, new Manifest.SharedBytes(0, 0), List.of(), null, null, null,
        null, Map.of());
    String json = manifest.toJson();
    assertTrue(json.contains("\"arguments\":[{\"kind\":\"tensorMap\",\"index\":0}],"), json);
    assertTrue(json.contains("\"tensorMaps\":[{\"of\":\"A\",\"box\":[128,64],\"swizzle\":128,\"promotion\":256}],"), json);
    assertTrue(json.contains("\"cluster\":[2,1,1],\"persistent\":1,"), json);
  }
}
