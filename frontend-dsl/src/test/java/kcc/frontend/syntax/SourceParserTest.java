// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.frontend.syntax;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigInteger;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SourceParserTest {
  private static SourceTree parse(String text) {
    return SourceParser.parse(text, "k.py");
  }

  private static List<Statement> good(String text) {
    SourceTree tree = parse(text);
    assertEquals(List.of(), tree.diagnostics(), text);
    return tree.statements();
  }

  private static Expression expression(String text) {
    return assertInstanceOf(Statement.ExpressionStatement.class, good(text).getFirst()).value();
  }

  @Test
  void spansCountFromOneAndEndBehindTheText() {
    Statement.Assign assign = assertInstanceOf(Statement.Assign.class, good("\nacc = zeros([BM, BN], f32)\n").getFirst());
    assertEquals(new Span("k.py", 2, 1, 2, 27), assign.span());
    assertEquals(new Span("k.py", 2, 7, 2, 27), assign.value().span());
  }

  @Test
  void columnsCountCodePoints() {
    Statement.Assign assign = assertInstanceOf(Statement.Assign.class, good("x = '\uD83D\uDE00' + y\n").getFirst());
    Expression.Binary sum = assertInstanceOf(Expression.Binary.class, assign.value());
    assertEquals(11, sum.right().span().column());
  }

  @Test
  void precedenceIsPythons() {
    Expression.Binary sum = assertInstanceOf(Expression.Binary.class, expression("a + b * -c ** 2"));
    Expression.Binary product = assertInstanceOf(Expression.Binary.class, sum.right());
    Expression.Unary negation = assertInstanceOf(Expression.Unary.class, product.right());
    assertEquals(BinaryOperator.POWER, assertInstanceOf(Expression.Binary.class, negation.operand()).operator());
    Expression.Binary power = assertInstanceOf(Expression.Binary.class, expression("a ** b ** c"));
    assertInstanceOf(Expression.Binary.class, power.right());
    Expression.Unary not = assertInstanceOf(Expression.Unary.class, expression("not a == b"));
    assertInstanceOf(Expression.Comparison.class, not.operand());
    Expression.Logical or = assertInstanceOf(Expression.Logical.class, expression("a or b and c"));
    assertFalse(or.and());
  }

  @Test
  void comparisonsAreOneChain() {
    Expression.Comparison chain = assertInstanceOf(Expression.Comparison.class, expression("0 <= a < b is not c"));
    assertEquals(List.of(ComparisonOperator.LESS_EQUAL, ComparisonOperator.LESS, ComparisonOperator.IS_NOT),
        chain.operators());
    assertEquals(4, chain.operands().size());
    Expression.Comparison grouped = assertInstanceOf(Expression.Comparison.class, expression("(a < b) < c"));
    assertEquals(1, grouped.operators().size());
  }

  @Test
  void subscriptsHoldSlicesAndNewAxes() {
    Expression.Subscript subscript = assertInstanceOf(Expression.Subscript.class, expression("A[b, r:r+BM, :, None, ::2]"));
    assertEquals(5, subscript.indices().size());
    assertInstanceOf(Expression.Slice.class, subscript.indices().get(1));
    Expression.Slice all = assertInstanceOf(Expression.Slice.class, subscript.indices().get(2));
    assertNull(all.lower());
    assertNull(all.upper());
    assertInstanceOf(Expression.NoneLiteral.class, subscript.indices().get(3));
  }

  @Test
  void numbersOfAllForms() {
    assertEquals(BigInteger.valueOf(0xFFFF), ((Expression.IntegerLiteral) expression("0xFF_FF")).value());
    assertEquals(BigInteger.valueOf(8), ((Expression.IntegerLiteral) expression("0o10")).value());
    assertEquals(BigInteger.valueOf(5), ((Expression.IntegerLiteral) expression("0b1_01")).value());
    assertEquals(new BigInteger("123456789012345678901234567890"),
        ((Expression.IntegerLiteral) expression("123456789012345678901234567890")).value());
    assertEquals(1e-3, ((Expression.FloatLiteral) expression("1e-3")).value());
    assertEquals(10.5, ((Expression.FloatLiteral) expression("1_0.5")).value());
    assertEquals(0.5, ((Expression.FloatLiteral) expression(".5")).value());
    assertInstanceOf(Expression.ImaginaryLiteral.class, expression("3.5J"));
  }

  @Test
  void stringsOfAllForms() {
    assertEquals("ab\n'", ((Expression.StringLiteral) expression("'a' \"b\\n'\"")).value());
    assertEquals("a\\n", ((Expression.StringLiteral) expression("r'a\\n'")).value());
    assertEquals("two\nlines \"quoted\"", ((Expression.StringLiteral) expression("\"\"\"two\nlines \"quoted\\\"\"\"\"")).value());
    assertEquals("A\u00e9", ((Expression.StringLiteral) expression("'\\x41\\u00e9'")).value());
    assertInstanceOf(Expression.FormatString.class, expression("f'{a!r:>{width}}'"));
    assertInstanceOf(Expression.BytesLiteral.class, expression("rb'\\d'"));
  }

  @Test
  void decoratedFunctionWithAnnotationsAndDefaults() {
    Statement.FunctionDefinition function = assertInstanceOf(Statement.FunctionDefinition.class, good("""
        @kernel
        @other.thing(num_warps=4)
        def gemm(A: Tensor[M, K, f16], BM: const = auto, *rest, flag=True, **named) -> None:
            pass
        """).getFirst());
    assertEquals("gemm", function.name());
    assertEquals(2, function.decorators().size());
    assertEquals(5, function.parameters().size());
    assertInstanceOf(Expression.Subscript.class, function.parameters().getFirst().annotation());
    assertInstanceOf(Expression.Name.class, function.parameters().get(1).defaultValue());
    assertEquals(Parameter.Kind.POSITIONAL_REST, function.parameters().get(2).kind());
  }

  @Test
  void elifIsNested() {
    Statement.If outer = assertInstanceOf(Statement.If.class, good("if a:\n  x = 1\nelif b:\n  x = 2\nelse:\n  x = 3\n").getFirst());
    Statement.If inner = assertInstanceOf(Statement.If.class, outer.otherwise().getFirst());
    assertEquals(3, inner.span().line());
    assertEquals(1, inner.otherwise().size());
  }

  @ParameterizedTest
  @ValueSource(strings = {
    "", "\n\n# only a comment", "x = 1", "if a: x = 1; y = 2\nelse: pass", "\uFEFFx = 1\n", "x = (1,\n\n  # comment\n 2)\n",
    "x = 1 + \\\n    2\n", "if a:\n\tx = 1\n\ty = 2\n", "for i, *rest in a, b:\n  continue\nelse:\n  pass",
    "while (n := read()) > 0:\n  break", "async def f():\n  async with a as b, c:\n    await d\n  async for x in y:\n    yield x",
    "with (open(a) as b, open(c) as d,):\n  pass", "with (a):\n  pass", "with a, b as (c, d):\n  pass",
    "try:\n  a\nexcept (A, B) as e:\n  raise C from e\nexcept:\n  raise\nelse:\n  b\nfinally:\n  c",
    "try:\n  a\nexcept* A:\n  pass", "lambda: (yield)", "f = lambda x, *a, y=1, **k: x if y else lambda: 0",
    "x = [a async for a in b if c if d for e in f]", "{**a, 'b': 1, 'c': lambda: 2}", "{a: b for a, b in c}", "{*a, b}",
    "print(*a, sep='', **k)", "f(x for x in y)", "f(a)(b)[c].d", "x: int", "x: List[int] = []", "a = b = c, d = 1, *e",
    "del a, b[0]", "global a, b", "from . import a", "from ...b.c import (d as e, f,)", "import a.b as c, d",
    "from a import *", "class A(B, metaclass=C):\n  x: int = 1\n  def f(self, /, a, *, b): return self",
    "match x:\n  case 1 | 2:\n    pass\n  case Point(x=0, y=[a, *b]) as p if p > 0:\n    pass\n  case {'k': v, **rest}:\n    pass\n  case _: pass",
    "match = 1\nmatch(x)\nmatch[0] = case\ncase = match.x", "x = a if b else c if d else e", "x @= y @ z",
    "assert x, f\"{x!r} and {y:{z}}\"", "x = not -a ** ~b", "x[1:2, ::3, ...]", "x[a:=1]", "x = 0xDEAD_beef + 1_000j + 1e5 + .5E-3",
    "@property\n@a.b[0](c)\ndef f(): ...", "nonlocal x", "x = yield", "x = yield from y", "return", "return *a, b",
    "def f(a, /, b: 'str' = 1, *args: *Ts, c, **kw: int) -> 'x': pass", "print('a' 'b'\n'c')", "if True:\n    x\n  # odd comment\n    y",
    "\u00fcber = \u03b1 + \u4e2d\u6587", "x = a if b else(c)", "i = 1if x else 2", "def f():\n    return\n\n\n\n", "a; b; c;",
    "if a:\n  if b:\n    c\nd", "x = '''a\n''' + \"\"\"b\"\"\"", "x = ''", "x = \"\"\"\"quoted\"\"\""
  })
  void readsAllOfPython(String text) {
    good(text);
  }

  @Test
  void tailOfTheFileNeedsNoLineEnd() {
    assertEquals(2, good("def f():\n  pass\nx = 1").size());
  }

  @Test
  void everyNodeOfALongFileIsRead() {
    StringBuilder text = new StringBuilder();
    for (int i = 0; text.length() < 1_000_000; i++) {
      text.append("def function").append(i).append("(a, b=1):\n    return [x * ").append(i).append(" for x in a if x > b]\n\n");
    }
    SourceTree tree = parse(text.toString());
    assertEquals(List.of(), tree.diagnostics());
    assertTrue(tree.statements().size() > 10_000);
  }
}
