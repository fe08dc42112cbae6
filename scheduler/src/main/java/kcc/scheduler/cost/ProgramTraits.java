// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.scheduler.cost;

import java.util.List;
import java.util.Objects;
import kcc.scheduler.machine.NumericType;

/// What the cost model knows of a program: the shapes of its products and accesses.
///
/// @param largestTile elements of the largest tile the program computes
/// @param combines    whether elements of a tile meet, in a reduction or a scan
/// @param factors     how the factors of products can be brought to the matrix unit, all of them
/// @param outsideLoops what is computed element by element once in a program
public record ProgramTraits(List<Product> products, List<Access> accesses, long largestTile, boolean combines,
    Factors factors, Elementwise outsideLoops) {

  /// Where factors come from.
  public enum Factors {
    /// They are tiles of arrays whose rows begin where a copy engine can take them.
    COPIED,
    /// At least one is computed element by element from what lies in memory, or lies where no copy engine can take it.
    COMPUTED,
    /// At least one follows from a sum or from another product.
    OTHER
  }

  public ProgramTraits {
    products = List.copyOf(products);
    accesses = List.copyOf(accesses);
  }

  boolean copiesFactors() {
    return factors == Factors.COPIED;
  }

  /// Elements of tiles by what computes them.
  ///
  /// @param plain   an instruction of every lane
  /// @param special the unit for exponentials, reciprocals and the like
  public record Elementwise(long plain, long special) {
    public static final Elementwise NONE = new Elementwise(0, 0);
  }

  /// A product of an m x k and a k x n tile.
  ///
  /// @param type format of the factors, null when no matrix unit has it
  /// @param maxImprecise how many products may be summed up with fewer bits than the result has, null for any number
  /// @param isConsumed   whether each step of a loop begins from nothing and does something with the result
  public record Product(int m, int n, int k, NumericType type, int factorBits, int accumulatorBits, Integer maxImprecise,
      boolean isConsumed) {
    long flops() {
      return 2L * m * n * k;
    }

    long factorElements() {
      return (long) m * k + (long) k * n;
    }

    long factorBytes() {
      return factorElements() * factorBits / Byte.SIZE;
    }
  }

  /// A load or store of a tile whose last dimension is contiguous in memory.
  public record Access(List<Integer> shape, int elementBits, boolean isWrite) {
    public Access {
      shape = List.copyOf(shape);
      Objects.requireNonNull(shape);
    }

    public long elements() {
      long elements = 1;
      for (int size : shape) {
        elements *= size;
      }
      return elements;
    }

    long bytes() {
      return elements() * elementBits / Byte.SIZE;
    }

    /// Bytes that lie side by side in memory.
    long runBytes() {
      return shape.isEmpty() ? elementBits / Byte.SIZE : (long) shape.getLast() * elementBits / Byte.SIZE;
    }
  }
}
