// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class KernelRunTest {
  private static Image variant(String name, String requires) {
    Manifest manifest =
        Manifest.parse(
            """
            {"format":1,"kernel":"f","symbol":"f","target":"h100","arch":"sm_90a",
             "parameters":[{"name":"X","kind":"tensor","type":"f32","shape":["M","N"],"access":"write","alignment":16}],
             "arguments":[{"kind":"pointer","of":"X"}],"grid":["M"],"block":[32,1,1],"requires":[%s]}
            """
                .formatted(requires),
            "test");
    return new Image(Map.of("variant", name), ByteBuffer.allocate(0), manifest);
  }

  private static final List<Image> VARIANTS =
      List.of(variant("aligned", "\"N % 16 == 0\",\"N <= 64\""), variant("", "\"N <= 64\""));

  private static Image chosen(long columns) {
    ArgumentValue array = new ArgumentValue.Array(ElementType.F32, List.of(3L, columns), 0x1000);
    return KernelRun.firstThatTakes(VARIANTS, Map.of("X", array), List.of());
  }

  @Test
  void theFirstVariantWhoseConditionsHoldIsRun() {
    assertEquals("aligned", chosen(32).variant());
    assertEquals("", chosen(33).variant());
  }

  @Test
  void whatNoVariantTakesIsRefusedInTheWordsOfTheMostGeneral() {
    LauncherException error = assertThrows(LauncherException.class, () -> chosen(80));
    assertTrue(error.getMessage().contains("N <= 64"), error.getMessage());
    assertTrue(!error.getMessage().contains("16"), error.getMessage());
  }

  @Test
  void aWrongArgumentIsNotTakenForAnotherVariant() {
    ArgumentValue array = new ArgumentValue.Array(ElementType.F16, List.of(3L, 32L), 0x1000);
    LauncherException error =
        assertThrows(
            LauncherException.class, () -> KernelRun.firstThatTakes(VARIANTS, Map.of("X", array), List.of()));
    assertTrue(error.getMessage().contains("takes f32"), error.getMessage());
  }

  @Test
  void repeatedLaunchesArePreparedOnce() {
    JavaDevice device =
        new JavaDevice(
            image ->
                (memory, plan) -> {
                  long address = JavaDevice.address(plan, 0);
                  memory.write(ElementType.F32, address, memory.read(ElementType.F32, address) + 1);
                });
    HostArray array = HostArray.zeros(ElementType.F32, List.of(3L, 5L));
    try (KernelRun run = KernelRun.prepare(device, VARIANTS, Map.of("X", array), List.of())) {
      for (int i = 0; i < 3; i++) {
        run.launch();
      }
      run.finish();
    }
    assertEquals(3, array.get(0));
    assertEquals(3, device.started());
    assertEquals(1, device.prepared());
    assertEquals(0, device.allocations());
  }
}
