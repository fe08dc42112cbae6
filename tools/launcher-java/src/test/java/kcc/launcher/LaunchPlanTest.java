// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LaunchPlanTest {
  private static final Manifest SCALE =
      Manifest.parse(
          """
          {"format":1,"kernel":"scale","symbol":"scale","target":"h100","arch":"sm_90a",
           "parameters":[
             {"name":"X","kind":"tensor","type":"f32","shape":["M","N"],"access":"read","alignment":16},
             {"name":"Y","kind":"tensor","type":"f32","shape":["M","N"],"access":"write","alignment":16},
             {"name":"factor","kind":"scalar","type":"f32"},
             {"name":"count","kind":"scalar","type":"i32"}],
           "arguments":[
             {"kind":"pointer","of":"X"},{"kind":"pointer","of":"Y"},{"kind":"scalar","of":"factor","type":"f32"},
             {"kind":"scalar","of":"count","type":"i32"},{"kind":"size","of":"M","type":"i64"},
             {"kind":"size","of":"N","type":"i32"},{"kind":"stride","of":"X","axis":0,"type":"i64"},
             {"kind":"grid","axis":0,"type":"i32"}],
           "grid":["M ceildiv 64"],"block":[128,1,1],"requires":["N % 4 == 0"]}
          """,
          "test");

  private static Map<String, ArgumentValue> good() {
    Map<String, ArgumentValue> values = new HashMap<>();
    values.put("X", new ArgumentValue.Array(ElementType.F32, List.of(100L, 8L), 0x1000));
    values.put("Y", new ArgumentValue.Array(ElementType.F32, List.of(100L, 8L), 0x2000));
    values.put("factor", new ArgumentValue.Scalar(2.5));
    values.put("count", new ArgumentValue.Scalar(7L));
    return values;
  }

  @Test
  void worksOutSizesGridAndMachineArguments() {
    LaunchPlan plan = LaunchPlan.of(SCALE, good(), List.of());
    assertEquals(List.of(2L, 1L, 1L), plan.grid());
    assertEquals(100L, plan.sizes().get("M"));
    assertEquals(
        List.of(8, 8, 4, 4, 8, 4, 8, 4), plan.machineArguments().stream().map(b -> b.capacity()).toList());
    assertEquals(0x2000, plan.machineArguments().get(1).getLong(0));
    assertEquals(2.5f, plan.machineArguments().get(2).getFloat(0));
    assertEquals(7, plan.machineArguments().get(3).getInt(0));
    assertEquals(8, plan.machineArguments().get(5).getInt(0));
    assertEquals(8, plan.machineArguments().get(6).getLong(0));
    assertEquals(2, plan.machineArguments().get(7).getInt(0));
  }

  private static void assertRefused(String name, ArgumentValue value, String... expected) {
    Map<String, ArgumentValue> values = good();
    if (value == null) {
      values.remove(name);
    } else {
      values.put(name, value);
    }
    LauncherException error =
        assertThrows(LauncherException.class, () -> LaunchPlan.of(SCALE, values, List.of()));
    for (String part : expected) {
      assertTrue(error.getMessage().contains(part), error.getMessage());
    }
  }

  @Test
  void wrongArgumentsAreRefusedWithTheirNames() {
    ElementType f32 = ElementType.F32;
    List<Long> shape = List.of(100L, 8L);
    assertRefused("X", null, "needs a value for 'X'");
    assertRefused("Z", new ArgumentValue.Scalar(1L), "no parameter 'Z'", "X, Y, factor, count");
    assertRefused("X", new ArgumentValue.Array(ElementType.F16, shape, 0x1000), "takes f32 for 'X'", "given f16");
    assertRefused("X", new ArgumentValue.Array(f32, List.of(800L), 0x1000), "rank 2 for 'X'", "rank 1");
    assertRefused("X", new ArgumentValue.Array(f32, List.of(100L, 12L), 0x1000), "N", "12", "8");
    assertRefused("X", new ArgumentValue.Array(f32, List.of(-1L, 8L), 0x1000), "negative size -1");
    assertRefused("X", new ArgumentValue.Array(f32, shape, 0), "null address for 'X'");
    assertRefused("X", new ArgumentValue.Array(f32, shape, 0x1008), "aligned to 16", "0x1008");
    assertRefused("X", new ArgumentValue.Scalar(3L), "takes an array of f32 for 'X'");
    assertRefused("factor", new ArgumentValue.Array(f32, shape, 0x1000), "takes a number of type f32");
    assertRefused("count", new ArgumentValue.Scalar(1L << 31), "i32 for 'count'", "2147483648");
    assertRefused("count", new ArgumentValue.Scalar(1.5), "takes an integer");
  }

  /// A grid of the host's counts programs, that of a manifest blocks.
  @Test
  void programsOfSeveralBlocks() {
    String rest = "\"block\":[128,1,1],\"cluster\":[4,1,1],\"requires\":[]}";
    String start =
        "{\"format\":1,\"kernel\":\"k\",\"symbol\":\"k\",\"target\":\"h100\",\"arch\":\"sm_90a\",\"parameters\":[],\"arguments\":[],";
    Manifest byHost = Manifest.parse(start + rest, "test");
    assertEquals(List.of(20L, 3L, 1L), LaunchPlan.of(byHost, Map.of(), List.of(5L, 3L)).grid());
    Manifest own = Manifest.parse(start + "\"grid\":[\"5 * 4\"]," + rest, "test");
    assertEquals(List.of(20L, 1L, 1L), LaunchPlan.of(own, Map.of(), List.of()).grid());
  }

  @Test
  void conditionsAndGridsAreChecked() {
    Map<String, ArgumentValue> odd = good();
    odd.put("X", new ArgumentValue.Array(ElementType.F32, List.of(100L, 7L), 0x1000));
    odd.put("Y", new ArgumentValue.Array(ElementType.F32, List.of(100L, 7L), 0x2000));
    LauncherException error =
        assertThrows(LauncherException.class, () -> LaunchPlan.of(SCALE, odd, List.of()));
    assertTrue(error.getMessage().contains("N % 4 == 0"), error.getMessage());
    error = assertThrows(LauncherException.class, () -> LaunchPlan.of(SCALE, good(), List.of(5L)));
    assertTrue(error.getMessage().contains("grid of its own"), error.getMessage());
  }

  @Test
  void sizesBeyond32BitsNeedA64BitArgument() {
    Map<String, ArgumentValue> large = good();
    List<Long> shape = List.of(4L, 1L << 31);
    large.put("X", new ArgumentValue.Array(ElementType.F32, shape, 0x1000));
    large.put("Y", new ArgumentValue.Array(ElementType.F32, shape, 0x2000));
    LauncherException error =
        assertThrows(LauncherException.class, () -> LaunchPlan.of(SCALE, large, List.of()));
    assertTrue(error.getMessage().contains("below 2^31"), error.getMessage());
  }

  @Test
  void anEmptyTensorMayBeNull() {
    Map<String, ArgumentValue> empty = good();
    empty.put("X", new ArgumentValue.Array(ElementType.F32, List.of(0L, 8L), 0));
    empty.put("Y", new ArgumentValue.Array(ElementType.F32, List.of(0L, 8L), 0));
    assertEquals(0L, LaunchPlan.of(SCALE, empty, List.of()).grid().get(0));
  }
}
