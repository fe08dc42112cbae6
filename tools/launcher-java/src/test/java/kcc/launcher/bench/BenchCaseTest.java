// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.launcher.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.gson.JsonArray;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import kcc.launcher.ArrayGenerator;
import kcc.launcher.ArrayRecipe;
import kcc.launcher.ElementType;
import org.junit.jupiter.api.Test;

class BenchCaseTest {
  @Test
  void jsonGivesTheSameCase() {
    Map<String, Long> variables = new LinkedHashMap<>();
    variables.put("N", 17L);
    variables.put("M", 3L);
    Map<String, Number> scalars = new LinkedHashMap<>();
    scalars.put("n", (1L << 60) + 1);
    scalars.put("scale", Double.POSITIVE_INFINITY);
    BenchCase benchCase =
        new BenchCase(
            "softmax 3x17",
            "softmax",
            "kernels/s.kcc",
            "softmax",
            variables,
            Map.of("X", new ArrayRecipe(ArrayGenerator.UNIFORM, ElementType.F8E4M3, List.of(3L, 17L), 5, -1, 1)),
            scalars,
            List.of(3L, 1L),
            "N*M",
            null,
            Set.of("Y"));
    JsonArray list = new JsonArray();
    list.add(benchCase.toJson());
    BenchCase read = BenchCase.parse(list.toString()).get(0);
    assertEquals(benchCase, read);
    assertEquals(List.of("N", "M"), List.copyOf(read.variables().keySet()));
  }
}
