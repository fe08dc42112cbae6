// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.layout;

import java.util.Arrays;

/// A matrix over F2, stored by columns: bit i of a column is row i.
final class BitMatrix {
    /// So that the columns of two matrices can be told apart in the 64 bits of one combination.
    static final int LIMIT = 31;

    private final int rows;
    private final long[] columns;

    BitMatrix(int rows, long... columns) {
        if (rows < 0 || rows > LIMIT || columns.length > LIMIT) {
            throw new IllegalArgumentException(
                    "a bit matrix has at most " + LIMIT + " rows and columns, not " + rows + " and " + columns.length);
        }
        for (int i = 0; i < columns.length; i++) {
            if (columns[i] >>> rows != 0) {
                throw new IllegalArgumentException("column " + i + " = 0x" + Long.toHexString(columns[i])
                        + " does not fit in " + rows + " rows");
            }
        }
        this.rows = rows;
        this.columns = columns.clone();
    }

    static BitMatrix identity(int size) {
        long[] columns = new long[size];
        for (int i = 0; i < size; i++) {
            columns[i] = 1L << i;
        }
        return new BitMatrix(size, columns);
    }

    int rows() {
        return rows;
    }

    int columnCount() {
        return columns.length;
    }

    long column(int index) {
        return columns[index];
    }

    long[] columns() {
        return columns.clone();
    }

    long[] columns(int from, int to) {
        return Arrays.copyOfRange(columns, from, to);
    }

    long times(long vector) {
        return Span.sum(columns, vector);
    }

    BitMatrix times(BitMatrix right) {
        if (columns.length != right.rows) {
            throw new IllegalArgumentException(
                    "a matrix of " + columns.length + " columns does not multiply one of " + right.rows + " rows");
        }
        long[] product = new long[right.columns.length];
        for (int i = 0; i < product.length; i++) {
            product[i] = times(right.columns[i]);
        }
        return new BitMatrix(rows, product);
    }

    BitMatrix plus(BitMatrix other) {
        if (rows != other.rows || columns.length != other.columns.length) {
            throw new IllegalArgumentException("matrices of different sizes have no sum");
        }
        long[] sum = new long[columns.length];
        for (int i = 0; i < sum.length; i++) {
            sum[i] = columns[i] ^ other.columns[i];
        }
        return new BitMatrix(rows, sum);
    }

    int rank() {
        return Span.of(columns).dimension();
    }

    /// Columns that depend on those before them.
    long dependentColumns() {
        Span span = new Span();
        long dependent = 0;
        for (int i = 0; i < columns.length; i++) {
            if (!span.add(columns[i])) {
                dependent |= 1L << i;
            }
        }
        return dependent;
    }

    /// A matrix R with `this * R = identity`, built from the earliest independent columns.
    ///
    /// @throws IllegalArgumentException if the rank is below the number of rows
    BitMatrix rightInverse() {
        Span span = Span.of(columns);
        if (span.dimension() != rows) {
            throw new IllegalArgumentException("rank " + span.dimension() + " below " + rows + " rows: no right inverse");
        }
        long[] inverse = new long[rows];
        for (int i = 0; i < rows; i++) {
            inverse[i] = span.combination(1L << i);
        }
        return new BitMatrix(columns.length, inverse);
    }

    /// A matrix L with `L * this = identity`; vectors outside of the image are mapped as if their foreign part were 0.
    ///
    /// @throws IllegalArgumentException if the columns are dependent
    BitMatrix leftInverse() {
        Span span = Span.of(columns);
        if (span.dimension() != columns.length) {
            throw new IllegalArgumentException(
                    "rank " + span.dimension() + " below " + columns.length + " columns: no left inverse");
        }
        for (int i = 0; i < rows; i++) {
            span.add(1L << i);
        }
        long own = (1L << columns.length) - 1;
        long[] inverse = new long[rows];
        for (int i = 0; i < rows; i++) {
            inverse[i] = span.combination(1L << i) & own;
        }
        return new BitMatrix(columns.length, inverse);
    }

    /// A basis of the vectors that are mapped to zero.
    long[] kernel() {
        Span span = new Span();
        Span kernel = new Span();
        for (int i = 0; i < columns.length; i++) {
            if (span.contains(columns[i])) {
                kernel.add(span.combination(columns[i]) | 1L << i);
            }
            span.add(columns[i]);
        }
        return kernel.basis();
    }

    BitMatrix transpose() {
        long[] transposed = new long[rows];
        for (int c = 0; c < columns.length; c++) {
            for (long rest = columns[c]; rest != 0; rest &= rest - 1) {
                transposed[Long.numberOfTrailingZeros(rest)] |= 1L << c;
            }
        }
        return new BitMatrix(columns.length, transposed);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof BitMatrix that && rows == that.rows && Arrays.equals(columns, that.columns);
    }

    @Override
    public int hashCode() {
        return 31 * rows + Arrays.hashCode(columns);
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (int r = 0; r < rows; r++) {
            for (long column : columns) {
                text.append(column >>> r & 1);
            }
            text.append('\n');
        }
        return text.toString();
    }
}
