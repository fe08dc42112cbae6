// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.launcher;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.util.List;

/**
 * How a device does at this moment; a number is null where the device does not tell it.
 *
 * @param coreClock of the processors, in MHz
 * @param memoryClock in MHz
 * @param temperature of the chip, in degrees Celsius
 * @param watts drawn
 * @param throttling why the clocks are lower than they could be
 */
public record DeviceState(
    Integer coreClock, Integer memoryClock, Integer temperature, Double watts, List<String> throttling) {
  public DeviceState {
    throttling = List.copyOf(throttling);
  }

  public JsonObject toJson() {
    JsonObject json = new JsonObject();
    json.addProperty("coreClockMegahertz", coreClock);
    json.addProperty("memoryClockMegahertz", memoryClock);
    json.addProperty("celsius", temperature);
    json.addProperty("watts", watts);
    JsonArray reasons = new JsonArray();
    throttling.forEach(reasons::add);
    json.add("throttling", reasons);
    return json;
  }
}
