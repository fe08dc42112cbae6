// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.targets.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import kcc.scheduler.cost.ConstantSearch;
import kcc.scheduler.cost.Launch;
import kcc.scheduler.cost.ProgramTraits;
import kcc.scheduler.cost.TileCost;
import kcc.scheduler.machine.Machine;
import kcc.scheduler.machine.NumericType;
import kcc.targets.data.Machines;
import org.junit.jupiter.api.Test;

/// Tiles of matrix products that the cost model prefers, against what hand-placed code measured.
class ProductTilesTest {
  private static final Machine H100 = Machines.of("h100");

  @Test
  void bulkCopiesWantTheLargestTileThatTwoGroupsHold() {
    assertEquals(Map.of("BM", 128, "BN", 256, "BK", 64), best(NumericType.F16, 16, true));
    assertEquals(Map.of("BM", 128, "BN", 256, "BK", 64), best(NumericType.BF16, 16, true));
    assertEquals(Map.of("BM", 128, "BN", 256, "BK", 128), best(NumericType.F8E4M3, 8, true), "as many bytes");
  }

  /// One H200, a layer of 8192 x 28672 x 4096 in bf16 with bias and gelu: 1.00 of the time of its product alone by two groups in
  /// turn, 1.05 by two together.
  @Test
  void muchBehindTheProductsIsDoneInTurn() {
    assertEquals(Map.of("BM", 128, "BN", 128, "BK", 64), best(new ProgramTraits.Elementwise(8, 2)));
    assertEquals(Map.of("BM", 128, "BN", 256, "BK", 64), best(new ProgramTraits.Elementwise(2, 0)));
  }

  private static Map<String, Integer> best(ProgramTraits.Elementwise ofElement) {
    return ConstantSearch.best(List.of("BM", "BN", "BK"), sizes -> {
      ProgramTraits plain = traits(sizes.get("BM"), sizes.get("BN"), sizes.get("BK"), NumericType.BF16, 16, true);
      long elements = plain.largestTile();
      return TileCost.of(new ProgramTraits(plain.products(), plain.accesses(), elements, false,
          ProgramTraits.Factors.COPIED, new ProgramTraits.Elementwise(ofElement.plain() * elements, ofElement.special() * elements)), H100);
    });
  }

  /// One H200, 1024 x 1024 x 1024: hand-placed tiles of 64 x 128 reach 1.05 to 1.14 of cuBLAS, of 128 x 256 0.55.
  @Test
  void fewResultsWantTilesForAllUnits() {
    assertEquals(Map.of("BM", 64, "BN", 128, "BK", 64), few(33L * 128 * 256));
    assertEquals(Map.of("BM", 128, "BN", 128, "BK", 64), few(66L * 128 * 256));
  }

  @Test
  void withoutThemTilesFitIntoTheRegistersOfWarps() {
    Map<String, Integer> best = best(NumericType.F16, 16, false);
    assertTrue(best.get("BM") * best.get("BN") <= 128 * 128, "tiles of " + best);
  }

  /// Products of odd rows on one H200, of cuBLAS: 128 x 128 x 64 1.22, 256 x 128 x 32 0.77, 64 x 64 x 64 0.63; of few results
  /// 64 x 64 x 128 0.90, 64 x 64 x 64 0.87, 128 x 128 x 64 0.75.
  @Test
  void threadsThatFillSlotsLimitTheTile() {
    assertEquals(Map.of("BM", 128, "BN", 128, "BK", 64), computed(null));
    assertEquals(Map.of("BM", 64, "BN", 64, "BK", 128), computed(new Launch(128, 33 * 128, 1024, 1)));
  }

  private static Map<String, Integer> computed(Launch launch) {
    return ConstantSearch.best(List.of("BM", "BN", "BK"), sizes -> TileCost.of(traits(sizes.get("BM"), sizes.get("BN"),
        sizes.get("BK"), NumericType.F16, 16, ProgramTraits.Factors.COMPUTED), H100, launch));
  }

  /// Measured at 4096 x 4096 x 4096: 1.00, 0.90 of it with 192 columns, 0.76 of it with half as many slots of twice the depth.
  @Test
  void orderOfCostsIsThatOfMeasurements() {
    double usual = cost(128, 256, 64, NumericType.F16, 16, true);
    assertTrue(usual < cost(128, 128, 64, NumericType.F16, 16, true), "half of the columns");
    assertTrue(usual < cost(256, 128, 64, NumericType.F16, 16, true), "each group reads the second factor twice");
    assertTrue(1.1 * usual < cost(128, 256, 128, NumericType.F16, 16, true), "two slots are not enough");
    assertEquals(TileCost.IMPOSSIBLE, cost(256, 256, 64, NumericType.F16, 16, true), "256 registers for sums alone");
  }

  @Test
  void rowsOfFactorsAreAsLongAsTheNarrowestSwizzle() {
    assertTrue(TileCost.isAsynchronous(traits(64, 16, 64, NumericType.F16, 16, true), H100));
    assertFalse(TileCost.isAsynchronous(traits(64, 8, 64, NumericType.F16, 16, true), H100), "16 bytes of the second factor");
    assertTrue(TileCost.isAsynchronous(traits(64, 8, 64, NumericType.F8E5M2, 8, true), H100), "along the depth");
  }

  private static Map<String, Integer> few(long results) {
    Launch launch = new Launch(128, results / 128, 1024, 1);
    return ConstantSearch.best(List.of("BM", "BN", "BK"), sizes ->
        TileCost.of(traits(sizes.get("BM"), sizes.get("BN"), sizes.get("BK"), NumericType.F16, 16, true), H100, launch));
  }

  private static Map<String, Integer> best(NumericType type, int bits, boolean copies) {
    return ConstantSearch.best(List.of("BM", "BN", "BK"),
        sizes -> cost(sizes.get("BM"), sizes.get("BN"), sizes.get("BK"), type, bits, copies));
  }

  private static double cost(int m, int n, int k, NumericType type, int bits, boolean copies) {
    return TileCost.of(traits(m, n, k, type, bits, copies), H100);
  }

  private static ProgramTraits traits(int m, int n, int k, NumericType type, int bits, boolean copies) {
    return traits(m, n, k, type, bits, copies ? ProgramTraits.Factors.COPIED : ProgramTraits.Factors.OTHER);
  }

  private static ProgramTraits traits(int m, int n, int k, NumericType type, int bits, ProgramTraits.Factors factors) {
    return new ProgramTraits(List.of(new ProgramTraits.Product(m, n, k, type, bits, 32, null, false)),
        List.of(new ProgramTraits.Access(List.of(m, k), bits, false), new ProgramTraits.Access(List.of(k, n), bits, false),
            new ProgramTraits.Access(List.of(m, n), 16, true)), (long) m * n, false, factors, ProgramTraits.Elementwise.NONE);
  }
}
