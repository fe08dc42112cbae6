// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.protocol;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Where a program stands: its agents, barriers and slots, and what is under way.
final class State {
  /// Nothing was ever written.
  static final int EMPTY = Integer.MIN_VALUE;
  /// Something is being written, or something else lay over it.
  static final int UNDEFINED = Integer.MIN_VALUE + 1;

  /// A product or a commit behind it (`event` counts the agent's steps), in the order of the matrix unit.
  record Flight(int agent, int event, int landing) {}

  final int[] next;
  final int[] phase;
  final int[] arrived;
  final long[] bytes;
  final int[] content;
  final int[] writers;
  final int[] readers;
  /// Bit sets of agents.
  final int[] unfencedReads;
  final int[] unfencedWrites;
  final int[] met;
  /// Bit sets of agents that wait at a meeting.
  final int[] meeting;
  final List<Flight> copies;
  final List<Flight> products;
  final List<Flight> stores;
  /// Own reads and writes whose agent has not gone on since.
  final List<Flight> open;

  State(int agents, int barriers, int buffers, int meetings) {
    next = new int[agents];
    phase = new int[barriers];
    arrived = new int[barriers];
    bytes = new long[barriers];
    content = new int[buffers];
    Arrays.fill(content, EMPTY);
    writers = new int[buffers];
    readers = new int[buffers];
    unfencedReads = new int[buffers];
    unfencedWrites = new int[buffers];
    met = new int[meetings];
    meeting = new int[meetings];
    copies = new ArrayList<>();
    products = new ArrayList<>();
    stores = new ArrayList<>();
    open = new ArrayList<>();
  }

  private State(State other) {
    next = other.next.clone();
    phase = other.phase.clone();
    arrived = other.arrived.clone();
    bytes = other.bytes.clone();
    content = other.content.clone();
    writers = other.writers.clone();
    readers = other.readers.clone();
    unfencedReads = other.unfencedReads.clone();
    unfencedWrites = other.unfencedWrites.clone();
    met = other.met.clone();
    meeting = other.meeting.clone();
    copies = new ArrayList<>(other.copies);
    products = new ArrayList<>(other.products);
    stores = new ArrayList<>(other.stores);
    open = new ArrayList<>(other.open);
  }

  State copy() {
    return new State(this);
  }

  /// Equal for states with equal futures. Slots follow from what is under way and where agents stand, apart from contents
  /// and fences.
  Key key() {
    int[] numbers = new int[next.length + 2 * phase.length + bytes.length + 3 * content.length + 2 * met.length
        + 3 * copies.size() + 2 * products.size() + 2 * stores.size() + 2 * open.size() + 3];
    int at = 0;
    for (int[] part : new int[][] {next, phase, arrived, content, unfencedReads, unfencedWrites, met, meeting}) {
      System.arraycopy(part, 0, numbers, at, part.length);
      at += part.length;
    }
    for (long count : bytes) {
      numbers[at++] = (int) count;
    }
    numbers[at++] = copies.size();
    // The order in which copies were started is no part of the state.
    copies.sort((a, b) -> a.agent() != b.agent() ? Integer.compare(a.agent(), b.agent())
        : a.event() != b.event() ? Integer.compare(a.event(), b.event()) : Integer.compare(a.landing(), b.landing()));
    for (Flight copy : copies) {
      numbers[at++] = copy.agent();
      numbers[at++] = copy.event();
      numbers[at++] = copy.landing();
    }
    numbers[at++] = products.size();
    at = put(products, numbers, at);
    numbers[at++] = stores.size();
    at = put(stores, numbers, at);
    put(open, numbers, at);
    return new Key(numbers, Arrays.hashCode(numbers));
  }

  private static int put(List<Flight> flights, int[] numbers, int at) {
    int place = at;
    for (Flight flight : flights) {
      numbers[place++] = flight.agent();
      numbers[place++] = flight.event();
    }
    return place;
  }

  /// A state's numbers with their hash.
  record Key(int[] numbers, int hash) {
    @Override
    public boolean equals(Object other) {
      return other instanceof Key key && hash == key.hash && Arrays.equals(numbers, key.numbers);
    }

    @Override
    public int hashCode() {
      return hash;
    }
  }
}
