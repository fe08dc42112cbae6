// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.frontend.sema;

/// Operations that work on each element alone, named by the MLIR operation they become.
public enum Elementwise {
  ADDF("arith.addf"), SUBF("arith.subf"), MULF("arith.mulf"), DIVF("arith.divf"), REMF("arith.remf"),
  NEGF("arith.negf"), MAXNUMF("arith.maxnumf"), MINNUMF("arith.minnumf"), MAXIMUMF("arith.maximumf"),
  MINIMUMF("arith.minimumf"),
  ADDI("arith.addi"), SUBI("arith.subi"), MULI("arith.muli"), DIVSI("arith.divsi"), DIVUI("arith.divui"),
  REMSI("arith.remsi"), REMUI("arith.remui"), MAXSI("arith.maxsi"), MAXUI("arith.maxui"), MINSI("arith.minsi"),
  MINUI("arith.minui"), ANDI("arith.andi"), ORI("arith.ori"), XORI("arith.xori"), SHLI("arith.shli"),
  SHRSI("arith.shrsi"), SHRUI("arith.shrui"),
  EXTSI("arith.extsi"), EXTUI("arith.extui"), TRUNCI("arith.trunci"), EXTF("arith.extf"), TRUNCF("arith.truncf"),
  SITOFP("arith.sitofp"), UITOFP("arith.uitofp"), FPTOSI("arith.fptosi"), FPTOUI("arith.fptoui"),
  BITCAST("arith.bitcast"), SELECT("arith.select"),
  EXP("math.exp"), EXP2("math.exp2"), LOG("math.log"), LOG2("math.log2"), SQRT("math.sqrt"), RSQRT("math.rsqrt"),
  ERF("math.erf"), TANH("math.tanh"), SIN("math.sin"), COS("math.cos"), ABSF("math.absf"), ABSI("math.absi"),
  FMA("math.fma"), FLOOR("math.floor"), CEIL("math.ceil");

  private final String operation;

  Elementwise(String operation) {
    this.operation = operation;
  }

  public String operation() {
    return operation;
  }
}
