// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.fragment;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import kcc.mlir.ir.Attribute;
import kcc.mlir.ir.Block;
import kcc.mlir.ir.Operation;
import kcc.mlir.ir.Type;
import kcc.mlir.ir.Value;
import kcc.mlir.ir.VectorType;
import kcc.passes.fragment.SimulatedMemory.Address;
import kcc.passes.layout.LinearLayout;
import kcc.passes.layout.MatrixFragments;

/// Runs fragment-level code for all threads of one block, operation by operation for all active threads. The blocks of a
/// cluster take turns.
///
/// That hides no mistake of synchronization: [SimulatedMemory] reports accesses that only this order makes right.
final class BlockInterpreter {
    private final int lanes;
    private final int threads;
    private final SimulatedMemory shared;
    private final Map<String, MatrixFragments> instructions;
    private final Map<Value, Object[]> values = new HashMap<>();
    private final List<SimulatedMemory> memories = new ArrayList<>();
    private final long[] program;
    private final SimulatedCluster cluster;
    private final int number;
    final Map<String, Integer> executed = new HashMap<>();

    private BlockInterpreter(int lanes, int threads, SimulatedMemory shared, Map<String, MatrixFragments> instructions,
            SimulatedCluster cluster, int block, long... program) {
        this.cluster = cluster;
        this.number = block;
        this.lanes = lanes;
        this.threads = threads;
        this.shared = shared;
        this.instructions = instructions;
        this.program = program;
    }

    /// Runs a function and gives how often each operation was executed by any thread at once.
    ///
    /// @param arguments memories for pointers, numbers for scalars
    static Map<String, Integer> run(Operation function, int lanes, Map<String, MatrixFragments> instructions,
            List<Object> arguments, long... program) {
        int threads = lanes * function.attribute("kcc.num_warps").asInt();
        Attribute bytes = function.attribute("kcc.shared_bytes");
        SimulatedMemory shared = new SimulatedMemory("shared memory", bytes == null ? 0 : bytes.asInt(), true);
        BlockInterpreter interpreter = new BlockInterpreter(lanes, threads, shared, instructions, null, 0, program);
        interpreter.run(function, arguments);
        return interpreter.executed;
    }

    /// Runs a function by the blocks of a cluster; gives how often each operation was executed by block 0.
    static Map<String, Integer> runCluster(Operation function, int lanes, SimulatedCluster cluster, List<Object> arguments,
            long... program) {
        int threads = lanes * function.attribute("kcc.num_warps").asInt();
        BlockInterpreter[] interpreters = new BlockInterpreter[cluster.blocks()];
        for (int block = 0; block < interpreters.length; block++) {
            interpreters[block] = new BlockInterpreter(lanes, threads, cluster.sharedMemory(block), Map.of(), cluster, block,
                    program);
        }
        cluster.run(block -> interpreters[block].run(function, arguments));
        return interpreters[0].executed;
    }

    private void run(Operation function, List<Object> arguments) {
        Block entry = function.region(0).first();
        memories.add(shared);
        for (int i = 0; i < arguments.size(); i++) {
            Object argument = arguments.get(i);
            if (argument instanceof SimulatedMemory memory) {
                memories.add(memory);
            }
            Object value = argument instanceof SimulatedMemory memory ? new Address(memory, 0) : argument;
            setAll(entry.argument(i), value);
        }
        BitSet all = new BitSet();
        all.set(0, threads);
        run(entry, all);
    }

    private void setAll(Value value, Object object) {
        Object[] all = new Object[threads];
        java.util.Arrays.fill(all, object);
        values.put(value, all);
    }

    /// Runs a block and gives the operands of its terminator.
    private List<Object[]> run(Block block, BitSet active) {
        for (Operation op : block.operations()) {
            executed.merge(op.name(), 1, Integer::sum);
            if (cluster != null) {
                cluster.turn(number);
            }
            switch (op.name()) {
                case "scf.yield", "scf.condition", "gpu.return" -> {
                    return operands(op, 0);
                }
                case "scf.for" -> runFor(op, active);
                case "scf.if" -> runIf(op, active);
                case "scf.while" -> runWhile(op, active);
                case "gpu.barrier" -> {
                    if (active.cardinality() != threads) {
                        throw new AssertionError("a barrier that only " + active.cardinality() + " threads reach");
                    }
                    memories.forEach(SimulatedMemory::barrier);
                }
                case "kcc.cluster_arrive", "kcc.cluster_wait" -> {
                    if (active.cardinality() != threads) {
                        throw new AssertionError("a barrier that only " + active.cardinality() + " threads reach");
                    }
                    if (op.is("kcc.cluster_arrive")) {
                        cluster.arrive(number);
                    } else {
                        cluster.waitForAll(number);
                    }
                }
                case "gpu.shuffle" -> shuffle(op, active);
                case "kcc.mma" -> multiply(op, active);
                default -> {
                    for (int thread = active.nextSetBit(0); thread >= 0; thread = active.nextSetBit(thread + 1)) {
                        runThread(op, thread);
                    }
                }
            }
        }
        return List.of();
    }

    private List<Object[]> operands(Operation op, int first) {
        List<Object[]> all = new ArrayList<>();
        for (Value operand : op.operands().subList(first, op.operandCount())) {
            all.add(values.get(operand).clone());
        }
        return all;
    }

    private void runFor(Operation loop, BitSet active) {
        long low = uniform(loop.operand(0), active);
        long high = uniform(loop.operand(1), active);
        long step = uniform(loop.operand(2), active);
        List<Object[]> carried = operands(loop, 3);
        Block body = loop.region(0).first();
        for (long i = low; i < high; i += step) {
            setAll(body.argument(0), i);
            assign(body.arguments().subList(1, body.argumentCount()), carried, active);
            carried = run(body, active);
        }
        assign(loop.results(), carried, active);
    }

    private void runWhile(Operation loop, BitSet active) {
        Block before = loop.region(0).first();
        Block after = loop.region(1).first();
        List<Object[]> carried = operands(loop, 0);
        while (true) {
            assign(before.arguments(), carried, active);
            List<Object[]> passed = run(before, active);
            List<Object[]> rest = passed.subList(1, passed.size());
            if (uniform(before.terminator().operand(0), active) == 0) {
                assign(loop.results(), rest, active);
                return;
            }
            assign(after.arguments(), rest, active);
            carried = run(after, active);
        }
    }

    private void runIf(Operation op, BitSet active) {
        for (int branch = 0; branch < 2; branch++) {
            BitSet taking = new BitSet();
            for (int thread = active.nextSetBit(0); thread >= 0; thread = active.nextSetBit(thread + 1)) {
                if (((Long) values.get(op.operand(0))[thread] != 0) == (branch == 0)) {
                    taking.set(thread);
                }
            }
            if (!taking.isEmpty() && !op.region(branch).isEmpty()) {
                assign(op.results(), run(op.region(branch).first(), taking), taking);
            }
        }
    }

    private void assign(List<Value> to, List<Object[]> from, BitSet active) {
        for (int i = 0; i < to.size(); i++) {
            Object[] target = values.computeIfAbsent(to.get(i), _ -> new Object[threads]);
            for (int thread = active.nextSetBit(0); thread >= 0; thread = active.nextSetBit(thread + 1)) {
                target[thread] = from.get(i)[thread];
            }
        }
    }

    private long uniform(Value value, BitSet active) {
        Long first = null;
        for (int thread = active.nextSetBit(0); thread >= 0; thread = active.nextSetBit(thread + 1)) {
            Long own = (Long) values.get(value)[thread];
            if (first != null && !first.equals(own)) {
                throw new AssertionError(value + " is not the same in all threads");
            }
            first = own;
        }
        return first;
    }

    private void shuffle(Operation op, BitSet active) {
        Object[] sent = values.get(op.operand(0));
        Object[] offsets = values.get(op.operand(1));
        String mode = op.attribute("mode").toString();
        Object[] received = new Object[threads];
        for (int thread = active.nextSetBit(0); thread >= 0; thread = active.nextSetBit(thread + 1)) {
            int lane = thread % lanes;
            int offset = ((Long) offsets[thread]).intValue();
            int source = mode.contains("xor") ? lane ^ offset : mode.contains("up") ? lane - offset : offset;
            if (source < 0 || source >= lanes) {
                received[thread] = sent[thread];
                continue;
            }
            if (!active.get(thread - lane + source)) {
                throw new AssertionError("a shuffle from a lane that does not take part");
            }
            received[thread] = sent[thread - lane + source];
        }
        values.put(op.result(0), received);
        setAll(op.result(1), 1L);
    }

    /// One matrix instruction of every warp.
    private void multiply(Operation op, BitSet active) {
        MatrixFragments fragments = instructions.get(op.attribute("instruction").asString());
        List<Long> segments = op.attribute("operandSegmentSizes").asLongs();
        int sizeA = segments.get(0).intValue();
        int sizeB = segments.get(1).intValue();
        if (active.cardinality() != threads) {
            throw new AssertionError("a matrix instruction that only some threads reach");
        }
        for (int result = 0; result < op.resultCount(); result++) {
            values.put(op.result(result), new Object[threads]);
        }
        for (int first = 0; first < threads; first += lanes) {
            double[][] a = gather(op, 0, sizeA, fragments.a(), first);
            double[][] b = gather(op, sizeA, sizeB, fragments.b(), first);
            double[][] c = gather(op, sizeA + sizeB, segments.get(2).intValue(), fragments.d(), first);
            for (int lane = 0; lane < lanes; lane++) {
                for (int register = 0; register < op.resultCount(); register++) {
                    int[] at = fragments.d().coordinates(register, lane, 0, 0);
                    double sum = c[at[0]][at[1]];
                    for (int k = 0; k < fragments.k(); k++) {
                        sum += a[at[0]][k] * b[k][at[1]];
                    }
                    values.get(op.result(register))[first + lane] = sum;
                }
            }
        }
    }

    private double[][] gather(Operation op, int from, int count, LinearLayout layout, int first) {
        if (count != layout.registers()) {
            throw new AssertionError("a fragment of " + count + " registers instead of " + layout.registers());
        }
        double[][] matrix = new double[layout.shape()[0]][layout.shape()[1]];
        for (int lane = 0; lane < lanes; lane++) {
            for (int register = 0; register < count; register++) {
                int[] at = layout.coordinates(register, lane, 0, 0);
                matrix[at[0]][at[1]] = (Double) values.get(op.operand(from + register))[first + lane];
            }
        }
        return matrix;
    }

    private void runThread(Operation op, int thread) {
        Object[] in = new Object[op.operandCount()];
        for (int i = 0; i < in.length; i++) {
            in[i] = values.get(op.operand(i))[thread];
        }
        Object result = switch (op.name()) {
            case "arith.constant" -> constant(op.attribute("value"));
            case "gpu.thread_id" -> (long) thread;
            case "gpu.block_id" -> program.length == 0 ? 0L : program[op.attribute("dimension").toString().contains("x") ? 0 : 1];
            case "gpu.cluster_id" -> program.length == 0 ? 0L : program[0];
            case "gpu.cluster_block_id" -> (long) number;
            case "kcc.map_shared" -> new Address(cluster.sharedMemory(((Long) in[1]).intValue()), ((Address) in[0]).offset());
            case "kcc.shared_base" -> new Address(shared, 0);
            case "llvm.mlir.poison" -> op.result().type().isVector() ? new Object[count(op.result().type())] : null;
            case "llvm.bitcast" -> bitcast(in[0], op.operand(0).type(), op.result().type());
            case "llvm.intr.fshr" -> {
                long both = (Long) in[0] << 32 | (Long) in[1] & 0xFFFFFFFFL;
                yield ScalarArithmetic.wrap(both >>> (Long) in[2], 32);
            }
            case "llvm.ptrtoint" -> ((Address) in[0]).offset();
            case "llvm.getelementptr" -> address(op, in);
            case "llvm.load" -> {
                Address from = (Address) in[0];
                yield read(from, op.result().type(), alignment(op), thread);
            }
            case "llvm.store" -> {
                Address to = (Address) in[1];
                write(to, in[0], op.operand(0).type(), alignment(op), thread);
                yield null;
            }
            case "kcc.load_vector" -> {
                Address from = (Address) in[0];
                boolean isTrue = in.length == 1 || (Long) in[1] != 0;
                yield isTrue ? read(from, op.result().type(), alignment(op), thread) : in[2];
            }
            case "kcc.store_vector" -> {
                Address to = (Address) in[1];
                if (in.length == 2 || (Long) in[2] != 0) {
                    write(to, in[0], op.operand(0).type(), alignment(op), thread);
                }
                yield null;
            }
            case "kcc.atomic_rmw_element" -> in.length == 2 || (Long) in[2] != 0 ? update(op, in, thread) : null;
            case "llvm.atomicrmw" -> {
                if (op.attribute("bin_op").asInt() != 1 || !op.operand(1).type().isInteger(32)) {
                    throw new AssertionError(op);
                }
                Address to = (Address) in[0];
                yield to.memory().add(to.offset(), (Long) in[1], thread);
            }
            case "llvm.insertelement" -> {
                Object[] vector = ((Object[]) in[0]).clone();
                vector[((Long) in[2]).intValue()] = in[1];
                yield vector;
            }
            case "llvm.extractelement" -> in[0] == null ? null : ((Object[]) in[0])[((Long) in[1]).intValue()];
            case "kcc.assert" -> {
                if ((Long) in[0] == 0) {
                    throw new AssertionError("assertion " + op.attribute("message"));
                }
                yield null;
            }
            default -> ScalarArithmetic.apply(op, in);
        };
        if (op.resultCount() > 0) {
            values.computeIfAbsent(op.result(0), _ -> new Object[threads])[thread] = result;
        }
    }

    /// Between vectors of as many bytes.
    private static Object bitcast(Object value, Type from, Type to) {
        ByteBuffer bytes = ByteBuffer.allocate(SimulatedMemory.sizeOf(from)).order(ByteOrder.LITTLE_ENDIAN);
        Object[] in = from.isVector() ? (Object[]) value : new Object[] {value};
        int inBytes = bytes.capacity() / in.length;
        for (Object element : in) {
            long bits = ScalarArithmetic.toBits(element, from.elementOrSelf());
            for (int i = 0; i < inBytes; i++) {
                bytes.put((byte) (bits >>> 8 * i));
            }
        }
        Object[] out = new Object[to.isVector() ? count(to) : 1];
        int outBytes = bytes.capacity() / out.length;
        for (int i = 0; i < out.length; i++) {
            long bits = 0;
            for (int b = outBytes - 1; b >= 0; b--) {
                bits = bits << 8 | bytes.get(i * outBytes + b) & 0xFF;
            }
            out[i] = ScalarArithmetic.fromBits(bits, to.elementOrSelf());
        }
        return to.isVector() ? out : out[0];
    }

    private Object read(Address from, Type type, long alignment, int thread) {
        return from.memory().read(from.offset(), type, alignment, announced(from, type, thread, false));
    }

    private void write(Address to, Object value, Type type, long alignment, int thread) {
        to.memory().write(to.offset(), value, type, alignment, announced(to, type, thread, true));
    }

    /// The thread as the memory knows it.
    private int announced(Address at, Type type, int thread, boolean isWrite) {
        if (cluster == null) {
            return thread;
        }
        cluster.check(number, at, SimulatedMemory.sizeOf(type), isWrite);
        return at.memory() == shared ? thread : SimulatedMemory.OUTSIDE;
    }

    private Object update(Operation op, Object[] in, int thread) {
        Address to = (Address) in[1];
        Type type = op.operand(0).type();
        Object old = read(to, type, 1, thread);
        Object updated = switch (op.attribute("kind").toString()) {
            case "#kcc<atomic_kind add>" -> ScalarArithmetic.wrap((Long) old + (Long) in[0], type.bitWidth());
            case "#kcc<atomic_kind fadd>" -> ScalarArithmetic.fromBits(ScalarArithmetic.toBits((Double) old + (Double) in[0], type), type);
            default -> throw new AssertionError(op);
        };
        write(to, updated, type, 1, thread);
        return old;
    }

    private static Object constant(Attribute value) {
        if (value.isDenseElements()) {
            Object[] elements = new Object[count(value.type())];
            java.util.Arrays.fill(elements, constant(value.splatValue()));
            return elements;
        }
        return value.isFloat() ? (Object) value.asDouble() : (Object) value.asLong();
    }

    private static int count(Type vector) {
        return Math.toIntExact(VectorType.of(vector).elementCount());
    }

    private static long alignment(Operation op) {
        return op.attribute("alignment").asLong();
    }

    private static Object address(Operation op, Object[] in) {
        Address base = (Address) in[0];
        long constant = op.attribute("rawConstantIndices").asLongs().getFirst();
        long index = in.length > 1 ? (Long) in[1] : constant;
        return new Address(base.memory(), base.offset() + index * SimulatedMemory.sizeOf(op.attribute("elem_type").asType()));
    }
}
