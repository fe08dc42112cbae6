// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.protocol;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import kcc.passes.protocol.Step.At;
import kcc.passes.protocol.Step.Kind;
import kcc.passes.protocol.Step.Landing;
import kcc.passes.protocol.Step.Trips;

/// Reads the text form of protocols; [ProtocolText] shows it.
final class ProtocolSyntax {
  /// A line that is no statement; lines count from 1.
  static final class Fault extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    Fault(int line, String message) {
      super("line " + line + ": " + message);
    }
  }

  private static final Pattern AT = Pattern.compile("(\\w+)\\[(.+)]");
  private static final Pattern TERM = Pattern.compile("([+-]?)(?:(\\d+)\\*)?([A-Za-z]\\w*)|([+-]?\\d+)");
  private static final Pattern TRIPS = Pattern.compile("([A-Za-z]\\w*)([+-]\\d+)?|\\(([A-Za-z]\\w*)([+-]\\d+)?\\)/([1-9]\\d*)|\\d+");

  private final List<String> lines;
  private int line;
  private Iterator<String> words = List.<String>of().iterator();

  private String name = "";
  private final List<Protocol.Size> sizes = new ArrayList<>();
  private final List<Protocol.Barrier> barriers = new ArrayList<>();
  private final List<Protocol.Buffer> buffers = new ArrayList<>();
  private final List<Protocol.Agent> agents = new ArrayList<>();

  ProtocolSyntax(String text) {
    lines = text.lines().toList();
  }

  static String word(Kind kind) {
    return kind.name().toLowerCase(Locale.ROOT);
  }

  Protocol protocol() {
    String keyword = next();
    while (keyword != null) {
      switch (keyword) {
        case "protocol" -> name = word();
        case "size" -> sizes.add(new Protocol.Size(word(), number(), number("from")));
        case "barrier" -> barriers.add(barrier());
        case "buffer" -> {
          String buffer = word();
          expect("in");
          buffers.add(new Protocol.Buffer(buffer, word(), number("depth"), number("at"), number("size")));
        }
        case "agent" -> {
          String agent = word();
          String holds = optional("holds") ? word() : null;
          List<Step> steps = new ArrayList<>();
          keyword = steps(steps);
          agents.add(new Protocol.Agent(agent, holds, steps));
          continue;
        }
        default -> throw fault("'%s' begins no statement".formatted(keyword));
      }
      keyword = next();
    }
    return new Protocol(name, sizes, barriers, buffers, agents);
  }

  /// The first word of the next statement, or null at the end.
  private String next() {
    if (words.hasNext()) {
      throw fault("'%s' is one word too many".formatted(words.next()));
    }
    while (line < lines.size()) {
      // Spaces within positions part no words.
      String statement = lines.get(line++).replaceFirst("#.*", "").replaceAll("\\s+(?=[^\\[]*])", "").strip();
      if (!statement.isEmpty()) {
        words = Arrays.asList(statement.split("\\s+")).iterator();
        return words.next();
      }
    }
    return null;
  }

  /// Reads steps up to the first word of a statement that is none, which is the answer.
  private String steps(List<Step> steps) {
    String keyword = next();
    while (keyword != null) {
      switch (keyword) {
        case "loop" -> {
          String counter = word();
          Trips trips = trips(word());
          steps.add(new Step.Loop(counter, trips, body()));
        }
        case "if" -> {
          Position atLeastZero = position(word());
          steps.add(new Step.If(atLeastZero, body()));
        }
        case "wait" -> steps.add(new Step.Wait(at(), optional("inverted")));
        case "arrive" -> steps.add(arrive());
        case "copy" -> steps.add(copy());
        case "product" -> steps.add(product());
        case "commit" -> steps.add(new Step.Commit(at()));
        case "store" -> steps.add(new Step.Store(at()));
        case "await" -> steps.add(new Step.Await(kind(word()), number()));
        case "read" -> steps.add(new Step.Read(at()));
        case "write" -> steps.add(new Step.Write(at()));
        case "fence" -> steps.add(new Step.Fence());
        case "meet", "pass" -> steps.add(new Step.Meet(word(), number("of"), keyword.equals("meet")));
        case "advance" -> steps.add(new Step.Advance(word(), trips(word())));
        default -> {
          return keyword;
        }
      }
      keyword = next();
    }
    return null;
  }

  private List<Step> body() {
    expect("{");
    int begin = line;
    List<Step> body = new ArrayList<>();
    if (!"}".equals(steps(body))) {
      line = begin;
      throw fault("the body does not end");
    }
    return body;
  }

  private Protocol.Barrier barrier() {
    String barrier = word();
    String space = null;
    String key = word();
    if (key.equals("in")) {
      space = word();
      key = word();
    }
    if (!key.equals("depth")) {
      throw fault("'%s' stands where 'depth' is expected".formatted(key));
    }
    return new Protocol.Barrier(barrier, space, number(), number("arrivals"));
  }

  private Step arrive() {
    At barrier = at();
    int count = 1;
    long bytes = 0;
    while (words.hasNext()) {
      String key = words.next();
      switch (key) {
        case "count" -> count = number();
        case "bytes" -> bytes = number();
        default -> throw fault("an arrival has no '%s'".formatted(key));
      }
    }
    return new Step.Arrive(barrier, count, bytes);
  }

  private Step copy() {
    List<Landing> landings = new ArrayList<>();
    landings.add(new Landing(at(), null, number()));
    while (words.hasNext()) {
      String key = words.next();
      switch (key) {
        case "to" -> {
          Landing last = landings.removeLast();
          landings.add(new Landing(last.buffer(), at(), last.bytes()));
        }
        case "and" -> landings.add(new Landing(at(), null, number()));
        default -> throw fault("a copy has no '%s'".formatted(key));
      }
    }
    return new Step.Copy(landings);
  }

  private Step product() {
    List<At> reads = new ArrayList<>();
    At updates = null;
    while (words.hasNext()) {
      String word = words.next();
      if (word.equals("into")) {
        updates = at();
      } else {
        reads.add(at(word));
      }
    }
    return new Step.Product(reads, updates);
  }

  // ---- words ----

  private Fault fault(String message) {
    return new Fault(line, message);
  }

  private String word() {
    if (!words.hasNext()) {
      throw fault("the statement ends too early");
    }
    return words.next();
  }

  private void expect(String keyword) {
    String word = word();
    if (!word.equals(keyword)) {
      throw fault("'%s' stands where '%s' is expected".formatted(word, keyword));
    }
  }

  private boolean optional(String keyword) {
    if (!words.hasNext()) {
      return false;
    }
    expect(keyword);
    return true;
  }

  private int number() {
    return integer(word());
  }

  /// A number behind its keyword.
  private int number(String keyword) {
    expect(keyword);
    return number();
  }

  private At at() {
    return at(word());
  }

  private At at(String word) {
    Matcher matcher = AT.matcher(word);
    if (!matcher.matches()) {
      throw fault("'%s' is no place in a ring, such as a[k-1]".formatted(word));
    }
    return new At(matcher.group(1), position(matcher.group(2)));
  }

  private Position position(String text) {
    int constant = 0;
    Map<String, Integer> factors = new TreeMap<>();
    Matcher term = TERM.matcher(text);
    int end = 0;
    while (end < text.length()) {
      if (!term.find() || term.start() != end || end > 0 && !"+-".contains(text.substring(end, end + 1))) {
        throw fault("'%s' is no sum of counters".formatted(text));
      }
      end = term.end();
      if (term.group(3) == null) {
        constant += integer(term.group(4));
      } else {
        int factor = term.group(2) == null ? 1 : integer(term.group(2));
        factors.merge(term.group(3), term.group(1).equals("-") ? -factor : factor, Integer::sum);
      }
    }
    return new Position(constant, factors);
  }

  private Trips trips(String word) {
    Matcher matcher = TRIPS.matcher(word);
    if (!matcher.matches()) {
      throw fault("'%s' is no number of iterations, such as 4, steps-1 or (tiles+1)/2".formatted(word));
    }
    if (matcher.group(1) != null) {
      return new Trips(matcher.group(1), more(matcher.group(2)), 1);
    }
    return matcher.group(3) == null ? Trips.of(integer(word))
        : new Trips(matcher.group(3), more(matcher.group(4)), integer(matcher.group(5)));
  }

  private int more(String word) {
    return word == null ? 0 : integer(word);
  }

  private int integer(String word) {
    try {
      return Integer.parseInt(word);
    } catch (NumberFormatException _) {
      throw fault("'%s' is no number".formatted(word));
    }
  }

  private Kind kind(String word) {
    for (Kind kind : Kind.values()) {
      if (word(kind).equals(word)) {
        return kind;
      }
    }
    throw fault("'%s' is none of copy, product and store".formatted(word));
  }
}
