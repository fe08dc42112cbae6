// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.scheduler.modulo;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;

/// The text form of problems, one thing a line, `#` before comments:
///
/// ```
/// problem gemm
/// quantum 16
/// handoff 40
/// unit tensor
/// group consumer0 registers 232
/// group consumer1 registers 232 like consumer0
/// space shared 232448
/// node load unit copy 400 issue 32 latency 900 reads 0 streaming
/// node product unit tensor 512 issue 32 latency 560 reads 560 group consumer0
/// value a by load in shared 16384 reserved to product
/// value sum by product registers 128 reserved to product@1!
/// order load before product delay 0 distance 1
/// ```
///
/// `product@1!` uses the value of one iteration before and puts its result in the value's place.
public final class ProblemText {
  /// A line that is no statement; lines count from 1.
  public static final class SyntaxFault extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    SyntaxFault(int line, String message) {
      super("line " + line + ": " + message);
    }
  }

  private ProblemText() {}

  public static String print(Problem problem) {
    StringBuilder out = new StringBuilder();
    out.append("problem ").append(problem.name()).append('\n');
    out.append("quantum ").append(problem.quantum()).append('\n');
    out.append("handoff ").append(problem.handoff()).append('\n');
    for (Unit unit : problem.units()) {
      out.append("unit ").append(unit.name()).append('\n');
    }
    for (Group group : problem.groups()) {
      out.append("group ").append(group.name()).append(" registers ").append(group.registers());
      out.append(group.like() == null ? "" : " like " + group.like()).append('\n');
    }
    for (Space space : problem.spaces()) {
      out.append("space ").append(space.name()).append(' ').append(space.capacity()).append('\n');
    }
    for (Node node : problem.nodes()) {
      out.append("node ").append(node.name());
      out.append(node.unit() == null ? "" : " unit " + node.unit() + " " + node.occupancy());
      out.append(" issue ").append(node.issue()).append(" latency ").append(node.latency());
      out.append(" reads ").append(node.reads()).append(node.streaming() ? " streaming" : "");
      out.append(node.group() == null ? "" : " group " + node.group()).append('\n');
    }
    for (Value value : problem.values()) {
      out.append("value ").append(value.name()).append(" by ").append(value.producer());
      out.append(switch (value.place()) {
        case Value.Registers registers -> " registers " + registers.perThread();
        case Value.Slots slots -> " in " + slots.space() + " " + slots.size();
      });
      out.append(value.reserved() ? " reserved" : "").append(value.uses().isEmpty() ? "" : " to");
      for (Value.Use use : value.uses()) {
        out.append(' ').append(use.node()).append(use.distance() == 0 ? "" : "@" + use.distance());
        out.append(use.inPlace() ? "!" : "");
      }
      out.append('\n');
    }
    for (Order order : problem.orders()) {
      out.append("order ").append(order.before()).append(" before ").append(order.after());
      out.append(" delay ").append(order.delay()).append(" distance ").append(order.distance()).append('\n');
    }
    return out.toString();
  }

  /// @throws SyntaxFault at the first line that is no statement
  public static Problem parse(String text) {
    Parser parser = new Parser();
    int line = 0;
    for (String content : text.lines().toList()) {
      line++;
      String statement = content.replaceFirst("#.*", "").strip();
      if (!statement.isEmpty()) {
        parser.statement(line, Arrays.asList(statement.split("\\s+")));
      }
    }
    return parser.problem();
  }

  private static final class Parser {
    private String name = "";
    private int quantum = 1;
    private int handoff;
    private final List<Unit> units = new ArrayList<>();
    private final List<Group> groups = new ArrayList<>();
    private final List<Space> spaces = new ArrayList<>();
    private final List<Node> nodes = new ArrayList<>();
    private final List<Value> values = new ArrayList<>();
    private final List<Order> orders = new ArrayList<>();

    private int line;
    private Iterator<String> words;

    Problem problem() {
      return new Problem(name, quantum, handoff, units, groups, spaces, nodes, values, orders);
    }

    void statement(int number, List<String> statement) {
      line = number;
      words = statement.iterator();
      String keyword = words.next();
      switch (keyword) {
        case "problem" -> name = word();
        case "quantum" -> quantum = number();
        case "handoff" -> handoff = number();
        case "unit" -> units.add(new Unit(word()));
        case "group" -> group();
        case "space" -> spaces.add(new Space(word(), number()));
        case "node" -> node();
        case "value" -> value();
        case "order" -> order();
        default -> throw fault("'%s' begins no statement".formatted(keyword));
      }
      if (words.hasNext()) {
        throw fault("'%s' is one word too many".formatted(words.next()));
      }
    }

    private SyntaxFault fault(String message) {
      return new SyntaxFault(line, message);
    }

    private String word() {
      if (!words.hasNext()) {
        throw fault("the statement ends too early");
      }
      return words.next();
    }

    private int number() {
      return number(word());
    }

    private int number(String word) {
      try {
        return Integer.parseInt(word);
      } catch (NumberFormatException _) {
        throw fault("'%s' is no number".formatted(word));
      }
    }

    private void expect(String keyword) {
      String word = word();
      if (!word.equals(keyword)) {
        throw fault("'%s' stands where '%s' is expected".formatted(word, keyword));
      }
    }

    private void group() {
      String group = word();
      expect("registers");
      int registers = number();
      String like = null;
      if (words.hasNext()) {
        expect("like");
        like = word();
      }
      groups.add(new Group(group, registers, like));
    }

    private void node() {
      String node = word();
      String unit = null;
      int occupancy = 0;
      int issue = 1;
      int latency = 0;
      int reads = 0;
      boolean streaming = false;
      String group = null;
      while (words.hasNext()) {
        String key = words.next();
        switch (key) {
          case "unit" -> {
            unit = word();
            occupancy = number();
          }
          case "issue" -> issue = number();
          case "latency" -> latency = number();
          case "reads" -> reads = number();
          case "streaming" -> streaming = true;
          case "group" -> group = word();
          default -> throw fault("a node has no '%s'".formatted(key));
        }
      }
      nodes.add(new Node(node, unit, occupancy, issue, latency, reads, streaming, group));
    }

    private void value() {
      String value = word();
      expect("by");
      String producer = word();
      String kind = word();
      Value.Place place = switch (kind) {
        case "registers" -> new Value.Registers(number());
        case "in" -> new Value.Slots(word(), number());
        default -> throw fault("a value lies in 'registers' or 'in' a space, not '%s'".formatted(kind));
      };
      boolean reserved = false;
      List<Value.Use> uses = new ArrayList<>();
      while (words.hasNext()) {
        String key = words.next();
        switch (key) {
          case "reserved" -> reserved = true;
          case "to" -> {
            while (words.hasNext()) {
              uses.add(use(words.next()));
            }
          }
          default -> throw fault("a value has no '%s'".formatted(key));
        }
      }
      values.add(new Value(value, producer, reserved, place, uses));
    }

    private Value.Use use(String word) {
      boolean inPlace = word.endsWith("!");
      String rest = inPlace ? word.substring(0, word.length() - 1) : word;
      int at = rest.indexOf('@');
      return at < 0 ? new Value.Use(rest, 0, inPlace)
          : new Value.Use(rest.substring(0, at), number(rest.substring(at + 1)), inPlace);
    }

    private void order() {
      String before = word();
      expect("before");
      String after = word();
      expect("delay");
      int delay = number();
      expect("distance");
      orders.add(new Order(before, after, delay, number()));
    }
  }
}
