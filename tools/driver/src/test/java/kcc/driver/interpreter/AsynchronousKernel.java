// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.driver.interpreter;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import kcc.mlir.ir.Attribute;
import kcc.mlir.ir.Operation;
import kcc.mlir.ir.Value;

/// A kernel of the asynchronous level, ready to run on arrays. Its module must outlive it.
///
/// Copies land in pieces at any time after they were begun, products read their buffers at any time until a wait covers
/// them, and all groups run at speeds that the seed decides. A slot holds NaN but from landing to release, and the result of
/// a product is NaN to whoever looks before its wait. So a run of a wrong kernel ends in a hang, in something left over,
/// or in wrong numbers.
///
/// A group with products is one agent for each of its warp groups; each computes whole tiles, and stores its share of
/// them. The parts of a channel's memory are all there are: memory that channels or scratch share is not modelled.
public final class AsynchronousKernel {
  private static final int WARPS_OF_AGENT = 4;

  private final Operation kernel;
  private final Map<String, Code> groups = new HashMap<>();

  private AsynchronousKernel(Operation kernel) {
    this.kernel = kernel;
  }

  /// @param module with one kernel that starts groups, and the functions of these
  public static AsynchronousKernel of(Operation module) {
    AsynchronousKernel kernel = null;
    Map<String, Code> groups = new HashMap<>();
    for (Operation function : module.find("gpu.func")) {
      if (function.find("kcc.start").isEmpty()) {
        groups.put(function.attribute("sym_name").asString(), Code.of(function));
      } else {
        kernel = new AsynchronousKernel(function);
      }
    }
    if (kernel == null) {
      throw new IllegalArgumentException("no kernel starts groups");
    }
    kernel.groups.putAll(groups);
    return kernel;
  }

  /// Runs one block after the other, blocks of a cluster together.
  ///
  /// @param arrays of tensor parameters, by name
  /// @param sizes  and other integers, by name
  /// @param grid   how many blocks, or clusters of them, there are along each axis
  /// @return how the first block that went wrong ended, else how all did
  public Outcome run(Map<String, GlobalArray> arrays, Map<String, Long> sizes, List<Integer> grid, long seed) {
    Random random = new Random(seed);
    int[] extents = grid.stream().mapToInt(Integer::intValue).toArray();
    for (int number = 0; number < Datum.count(extents); number++) {
      List<Integer> place = Arrays.stream(TileShapes.place(number, extents)).boxed().toList();
      int blocks = kernel.hasAttribute("kcc.sum_blocks") ? kernel.attribute("kcc.sum_blocks").asInt() : 1;
      BlockRun block = new BlockRun(place, grid, blocks, random);
      for (int ofCluster = 0; ofCluster < blocks; ofCluster++) {
        int channels = 0;
        Map<Value, Datum> values = arguments(arrays, sizes);
        for (Operation op : kernel.region(0).first().operations()) {
          switch (op.name()) {
            case "kcc.channel" -> values.put(op.result(), new Datum.Ring(new Channel(op, channels++)));
            case "kcc.start" -> start(op, op.operands().stream().map(values::get).toList(), block, ofCluster);
            case "gpu.return" -> {}
            default -> throw new UnsupportedOperationException("'" + op.name() + "' in a kernel that starts groups");
          }
        }
      }
      Outcome outcome = block.run();
      if (!(outcome instanceof Outcome.Done)) {
        return outcome;
      }
    }
    return new Outcome.Done();
  }

  private Map<Value, Datum> arguments(Map<String, GlobalArray> arrays, Map<String, Long> sizes) {
    Map<Value, Datum> values = new HashMap<>();
    List<Attribute> facts = kernel.attribute("arg_attrs").asList();
    for (int i = 0; i < facts.size(); i++) {
      Map<String, Attribute> of = facts.get(i).asMap();
      Value argument = kernel.region(0).first().argument(i);
      values.put(argument, switch (of.get("kcc.kind").asString()) {
        case "tensor" -> new Datum.Address(known(arrays, of.get("kcc.name")));
        case "tensor_map" -> new Datum.Map(known(arrays, of.get("kcc.of")), of.get("kcc.box").asLongs());
        case "size" -> Datum.Wholes.scalar(Element.of(argument.type()), known(sizes, of.get("kcc.name")));
        default -> throw new UnsupportedOperationException("an argument " + of);
      });
    }
    return values;
  }

  private static <T> T known(Map<String, T> given, Attribute name) {
    T value = given.get(name.asString());
    if (value == null) {
      throw new IllegalArgumentException("nothing is given for '" + name.asString() + "'");
    }
    return value;
  }

  private void start(Operation start, List<Datum> arguments, BlockRun block, int ofCluster) {
    Code code = groups.get(start.attribute("function").asSymbol());
    Operation function = kernel.parent().symbol(code.name());
    int warps = function.attribute("kcc.num_warps").asInt();
    int each = function.find("kcc.async_matmul").isEmpty() ? warps : Math.min(warps, WARPS_OF_AGENT);
    int arrivals = function.hasAttribute("kcc.one_thread") ? 1 : each;
    int instances = start.hasAttribute("instances") ? start.attribute("instances").asInt() : 1;
    for (int instance = 0; instance < instances; instance++) {
      List<Datum> all = new ArrayList<>(arguments);
      if (instances > 1) {
        all.add(Datum.Wholes.scalar(Element.I32, instance));
      }
      for (int share = 0; share < warps / each; share++) {
        String name = code.name() + (instances > 1 ? "." + instance : "") + (warps > each ? ", warp group " + share : "");
        block.start(new Agent.Role(name, arrivals, !function.find("kcc.copy_tile").isEmpty(), ofCluster, share, warps / each), code,
            all);
      }
    }
  }
}
