// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.protocol;

import java.util.ArrayList;
import java.util.List;

/// Correct protocols of kernels whose trip counts only the launch knows.
final class Kernels {
  private Kernels() {}

  /// In none of these anything can be left out.
  static List<Protocol> all() {
    List<Protocol> all = new ArrayList<>();
    for (int depth = 2; depth <= 5; depth++) {
      // With one slot nothing can be kept under way.
      all.add(cooperative(depth, 2, 1));
      all.add(cooperative(depth, 1 + depth % 3, 2));
      all.add(pingPong(depth));
      all.add(predicated(depth));
    }
    for (int depth = 1; depth <= 4; depth++) {
      all.add(attention(depth, 1 + depth % 2));
      all.add(tensorMemory(depth));
    }
    for (int depth = 1; depth <= 3; depth++) {
      all.add(cluster(depth));
    }
    return all;
  }

  private static String gemmBuffers(int depth, int groups, int stagings) {
    StringBuilder text = new StringBuilder("""
        size tiles 2 from 1
        size steps %d from 1
        barrier full depth %d arrivals 1
        buffer a in shared depth %d at 0 size 1024
        buffer b in shared depth %d at %d size 2048
        """.formatted(depth + 1, depth, depth, depth, 1024 * depth));
    for (int i = 0; i < groups; i++) {
      text.append("buffer staging%d in shared depth %d at %d size 512\n".formatted(i, stagings,
          3072 * depth + 512 * stagings * i));
    }
    return text.toString();
  }

  private static final String LOAD = """
      wait empty[p-%d]
      arrive full[p] bytes 3072
      copy a[p] 1024 to full[p]
      copy b[p] 2048 to full[p]
      advance p 1
      """;

  /// Keeps one product under way across steps, and releases the slot of the one before.
  private static final String MULTIPLY = """
      wait full[c]
      product a[c] b[c]
      advance c 1
      loop k steps-1 {
        wait full[c]
        product a[c] b[c]
        await product 1
        arrive empty[c-1]
        advance c 1
      }
      await product 0
      arrive empty[c-1]
      """;

  private static String epilogue(int group, int stagings) {
    return """
        await store %d
        write staging%d[t]
        fence
        store staging%d[t]
        advance t 1
        """.formatted(stagings - 1, group, group);
  }

  /// All consumers work on each tile; each stores its rows through staging slots of its own.
  static Protocol cooperative(int depth, int consumers, int stagings) {
    StringBuilder text = new StringBuilder("protocol cooperative-%d-%d-%d\n".formatted(depth, consumers, stagings));
    text.append(gemmBuffers(depth, consumers, stagings));
    text.append("barrier empty depth %d arrivals %d\n".formatted(depth, consumers));
    text.append("agent producer\nloop tile tiles {\nloop k steps {\n" + LOAD.formatted(depth) + "}\n}\n");
    for (int i = 0; i < consumers; i++) {
      text.append("agent consumer%d\nloop tile tiles {\n".formatted(i) + MULTIPLY + epilogue(i, stagings)
          + "}\nawait store 0\n");
    }
    return ProtocolText.parse(text.toString());
  }

  /// The same with all steps in one loop: the first of a tile has no product before it whose slot it could release.
  static Protocol predicated(int depth) {
    String text = ProtocolText.print(cooperative(depth, 2, 1)).replace("cooperative", "predicated").replaceAll(
        "(?s)wait full\\[c]\\s+product a\\[c] b\\[c]\\s+advance c 1\\s+loop k steps-1 \\{(.*?)arrive empty\\[c-1]\\s+advance c 1",
        "loop k steps {$1if k-1 {\narrive empty[c-1]\n}\nadvance c 1");
    return ProtocolText.parse(text);
  }

  /// Each consumer has every other tile, of however many; one multiplies while the other stores.
  static Protocol pingPong(int depth) {
    StringBuilder text = new StringBuilder("protocol ping-pong-%d\n".formatted(depth));
    text.append(gemmBuffers(depth, 2, 1).replace("tiles 2", "tiles 3"));
    text.append("barrier empty depth %d arrivals 1\n".formatted(depth));
    text.append("barrier turn0 depth 1 arrivals 1\nbarrier turn1 depth 1 arrivals 1\n");
    text.append("agent producer\nloop tile tiles {\nloop k steps {\n" + LOAD.formatted(depth) + "}\n}\n");
    for (int i = 0; i < 2; i++) {
      // The first consumer has the first turn from nobody; the other begins behind the first tile.
      text.append("agent consumer%d\n%sloop tile (tiles%s)/2 {\nwait turn%d[%s]\n".formatted(i,
          i == 0 ? "" : "advance c steps\n", i == 0 ? "+1" : "", i, i == 0 ? "t-1" : "t"));
      text.append(MULTIPLY + "arrive turn%d[t]\nadvance c steps\n".formatted(1 - i) + epilogue(i, 1));
      text.append("}\nawait store 0\n");
    }
    return ProtocolText.parse(text.toString());
  }

  /// Two blocks share B: each loads half of it into both. A slot is free when both blocks say so. Neither touches the other's
  /// memory before both have begun, nor ends before both are done.
  static Protocol cluster(int depth) {
    StringBuilder text = new StringBuilder("protocol cluster-%d\nsize steps %d from 1\n".formatted(depth, depth + 1));
    for (int block = 0; block < 2; block++) {
      text.append("""
          barrier full%1$d in shared%1$d depth %2$d arrivals 1
          barrier empty%1$d in shared%1$d depth %2$d arrivals 2
          buffer a%1$d in shared%1$d depth %2$d at 0 size 64
          buffer low%1$d in shared%1$d depth %2$d at %3$d size 64
          buffer high%1$d in shared%1$d depth %2$d at %4$d size 64
          """.formatted(block, depth, 64 * depth, 128 * depth));
    }
    for (int block = 0; block < 2; block++) {
      String half = block == 0 ? "low" : "high";
      text.append("""
          agent producer%1$d holds shared%1$d
          meet begin of 4
          loop k steps {
            wait empty%1$d[p-%2$d]
            arrive full%1$d[p] bytes 192
            copy a%1$d[p] 64 to full%1$d[p]
            copy %3$s0[p] 64 to full0[p] and %3$s1[p] 64 to full1[p]
            advance p 1
          }
          meet end of 4
          agent consumer%1$d holds shared%1$d
          meet begin of 4
          loop k steps {
            wait full%1$d[c]
            product a%1$d[c] low%1$d[c] high%1$d[c]
            await product 0
            arrive empty0[c]
            arrive empty1[c]
            advance c 1
          }
          meet end of 4
          """.formatted(block, depth, half));
    }
    return ProtocolText.parse(text.toString());
  }

  private static String load(String name, int depth, int bytes) {
    return """
        wait empty%1$s[p-%2$d]
        arrive full%1$s[p] bytes %3$d
        copy %1$s[p] %3$d to full%1$s[p]
        advance p 1
        """.formatted(name, depth, bytes);
  }

  /// Queries of a tile, keys and values each loaded by a warp of its own into a ring of its own; the second product of a
  /// step goes behind the first of the next.
  static Protocol attention(int keys, int values) {
    StringBuilder text = new StringBuilder("""
        protocol attention-%1$d-%2$d
        size tiles 2 from 1
        size steps %3$d from 1
        barrier fullQ depth 1 arrivals 1
        barrier emptyQ depth 1 arrivals 2
        barrier fullK depth %1$d arrivals 1
        barrier emptyK depth %1$d arrivals 2
        barrier fullV depth %2$d arrivals 1
        barrier emptyV depth %2$d arrivals 2
        buffer Q in shared depth 1 at 0 size 256
        buffer K in shared depth %1$d at 256 size 128
        buffer V in shared depth %2$d at %4$d size 128
        buffer staging0 in shared depth 1 at %5$d size 64
        buffer staging1 in shared depth 1 at %6$d size 64
        """.formatted(keys, values, Math.max(keys, values) + 1, 256 + 128 * keys, 256 + 128 * (keys + values),
            320 + 128 * (keys + values)));
    text.append("agent loadQ\nloop tile tiles {\n" + load("Q", 1, 256) + "}\n");
    text.append("agent loadK\nloop tile tiles {\nloop n steps {\n" + load("K", keys, 128) + "}\n}\n");
    text.append("agent loadV\nloop tile tiles {\nloop n steps {\n" + load("V", values, 128) + "}\n}\n");
    for (int i = 0; i < 2; i++) {
      text.append("agent consumer%d\nloop tile tiles {\n".formatted(i) + """
          wait fullQ[t]
          wait fullK[c]
          product Q[t] K[c]
          await product 0
          arrive emptyK[c]
          advance c 1
          loop n steps-1 {
            wait fullK[c]
            product Q[t] K[c]
            wait fullV[c-1]
            product V[c-1]
            await product 1
            arrive emptyK[c]
            await product 0
            arrive emptyV[c-1]
            advance c 1
          }
          arrive emptyQ[t]
          wait fullV[c-1]
          product V[c-1]
          await product 0
          arrive emptyV[c-1]
          """ + epilogue(i, 1) + "}\nawait store 0\n");
    }
    return ProtocolText.parse(text.toString());
  }

  /// One tile, loaded by one warp; the result lies where the queries of both consumers were.
  static Protocol attentionInPlace() {
    StringBuilder text = new StringBuilder("""
        protocol attention-in-place
        size steps 4 from 1
        barrier fullQ depth 1 arrivals 1
        barrier fullK depth 2 arrivals 1
        barrier emptyK depth 2 arrivals 2
        barrier fullV depth 2 arrivals 1
        barrier emptyV depth 2 arrivals 2
        buffer Q in shared depth 1 at 0 size 256
        buffer K in shared depth 2 at 256 size 128
        buffer V in shared depth 2 at 512 size 128
        buffer out0 in shared depth 1 at 0 size 128
        buffer out1 in shared depth 1 at 128 size 128
        agent producer
        arrive fullQ[0] bytes 256
        copy Q[0] 256 to fullQ[0]
        loop n steps {
          wait emptyK[p-2]
          arrive fullK[p] bytes 128
          copy K[p] 128 to fullK[p]
          wait emptyV[p-2]
          arrive fullV[p] bytes 128
          copy V[p] 128 to fullV[p]
          advance p 1
        }
        """);
    for (int i = 0; i < 2; i++) {
      text.append("""
          agent consumer%1$d
          wait fullQ[0]
          loop n steps {
            wait fullK[c]
            product Q[0] K[c]
            await product 0
            arrive emptyK[c]
            wait fullV[c]
            product V[c]
            await product 0
            arrive emptyV[c]
            advance c 1
          }
          meet done of 2
          write out%1$d[0]
          fence
          store out%1$d[0]
          await store 0
          """.formatted(i));
    }
    return ProtocolText.parse(text.toString());
  }

  /// The matrix unit releases slots and announces accumulators itself; the epilogue drains one while it fills the other.
  static Protocol tensorMemory(int depth) {
    return ProtocolText.parse("""
        protocol tensor-memory-%1$d
        size tiles 3 from 1
        size steps %2$d from 1
        barrier full depth %1$d arrivals 1
        barrier empty depth %1$d arrivals 1
        barrier ready depth 2 arrivals 1
        barrier drained depth 2 arrivals 1
        buffer ab in shared depth %1$d at 0 size 64
        buffer sum in tensor depth 2 at 0 size 256
        buffer staging in shared depth 1 at 1024 size 64
        agent load
        loop tile tiles {
          loop k steps {
            wait empty[p-%1$d]
            arrive full[p] bytes 64
            copy ab[p] 64 to full[p]
            advance p 1
          }
        }
        agent multiply
        loop tile tiles {
          wait drained[t-2]
          loop k steps {
            wait full[c]
            product ab[c] into sum[t]
            commit empty[c]
            advance c 1
          }
          commit ready[t]
          advance t 1
        }
        agent epilogue
        loop tile tiles {
          wait ready[t]
          read sum[t]
          fence
          arrive drained[t]
          await store 0
          write staging[t]
          fence
          store staging[t]
          advance t 1
        }
        await store 0
        """.formatted(depth, depth + 1));
  }
}
