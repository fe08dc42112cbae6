// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.frontend.syntax;

import java.util.Arrays;
import org.antlr.v4.runtime.Parser;
import org.antlr.v4.runtime.ParserRuleContext;
import org.antlr.v4.runtime.TokenStream;

/// A parser that stops with a message where a source nests so deep that the stack would overflow.
abstract class BoundedParser extends Parser {
  /// Rules that may be active at once. 200 brackets of 9 rules each fit; a chain of prefix operators gets what is left.
  static final int MAX_ACTIVE_RULES = 3000;
  /// Binary operators, calls, or subscripts in one chain: each makes the tree one level deeper.
  static final int MAX_CHAIN = 2000;

  private int active;
  // Length of the chain in each active left-recursive rule, innermost last.
  private int[] chains = new int[64];
  private int chainDepth;

  BoundedParser(TokenStream input) {
    super(input);
  }

  @Override
  public void enterRule(ParserRuleContext context, int state, int rule) {
    super.enterRule(context, state, rule);
    enter();
  }

  @Override
  public void exitRule() {
    super.exitRule();
    active--;
  }

  @Override
  public void enterRecursionRule(ParserRuleContext context, int state, int rule, int precedence) {
    super.enterRecursionRule(context, state, rule, precedence);
    enter();
    if (++chainDepth == chains.length) {
      chains = Arrays.copyOf(chains, 2 * chains.length);
    }
    chains[chainDepth] = 0;
  }

  @Override
  public void pushNewRecursionContext(ParserRuleContext context, int state, int rule) {
    super.pushNewRecursionContext(context, state, rule);
    if (++chains[chainDepth] > MAX_CHAIN) {
      throw new SourceTooDeep(getCurrentToken(), "more than " + MAX_CHAIN + " operators in one chain");
    }
  }

  @Override
  public void unrollRecursionContexts(ParserRuleContext parent) {
    super.unrollRecursionContexts(parent);
    active--;
    chainDepth--;
  }

  void startStatement() {
    active = 0;
    chainDepth = 0;
  }

  private void enter() {
    if (++active > MAX_ACTIVE_RULES) {
      throw new SourceTooDeep(getCurrentToken(), "this expression is nested too deeply to be read");
    }
  }
}
