// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

// The statements and expressions of Python 3.11. A kernel file may hold any host code beside its kernels, so all
// of the language is read; what kernels cannot use is refused later, by name. Where Python's own grammar needs long
// lookahead this one accepts a little more and AstBuilder checks.
parser grammar PythonParser;

options { tokenVocab = PythonLexer; superClass = BoundedParser; }

// ---- statements ----

statement: compound | simpleLine;

simpleLine: simple (SEMICOLON simple)* SEMICOLON? NEWLINE;

simple
  : expressionStatement
  | PASS
  | BREAK
  | CONTINUE
  | RETURN starExpressions?
  | RAISE (test (FROM test)?)?
  | (GLOBAL | NONLOCAL) NAME (COMMA NAME)*
  | DEL starExpressions
  | ASSERT test (COMMA test)?
  | IMPORT moduleAlias (COMMA moduleAlias)*
  | FROM (DOT | ELLIPSIS)* dottedName? IMPORT (STAR | LPAREN importAlias (COMMA importAlias)* COMMA? RPAREN
      | importAlias (COMMA importAlias)*)
  ;

expressionStatement
  : value (COLON test (ASSIGN value)? | AUGMENTED_ASSIGN value | (ASSIGN value)+)?
  ;

value: starExpressions | yieldExpression;

moduleAlias: dottedName (AS NAME)?;
importAlias: NAME (AS NAME)?;
dottedName: NAME (DOT NAME)*;

compound
  : ifStatement | whileStatement | forStatement | tryStatement | withStatement | matchStatement
  | decorator* (functionDefinition | classDefinition)
  | ASYNC (forStatement | withStatement)
  ;

ifStatement: IF namedTest COLON block (ELIF namedTest COLON block)* (ELSE COLON block)?;
whileStatement: WHILE namedTest COLON block (ELSE COLON block)?;
forStatement: FOR targets IN starExpressions COLON block (ELSE COLON block)?;
tryStatement: TRY COLON block exceptClause* (ELSE COLON block)? (FINALLY COLON block)?;
exceptClause: EXCEPT STAR? (test (AS NAME)?)? COLON block;
withStatement: WITH withItem (COMMA withItem)* COLON block;
withItem: test (AS target)?;

matchStatement: MATCH starExpressions COLON NEWLINE INDENT caseClause+ DEDENT;
caseClause: CASE items (IF namedTest)? COLON block;

decorator: AT namedTest NEWLINE;
functionDefinition: ASYNC? DEF NAME LPAREN parameters? RPAREN (ARROW test)? COLON block;
parameters: parameter (COMMA parameter)* COMMA?;
parameter
  : NAME (COLON test)? (ASSIGN test)?
  | STAR (NAME (COLON starExpression)?)?
  | DOUBLE_STAR NAME (COLON test)?
  | SLASH
  ;
classDefinition: CLASS NAME (LPAREN arguments? RPAREN)? COLON block;

block: NEWLINE INDENT statement+ DEDENT | simpleLine;

// ---- expressions ----

starExpressions: starExpression (COMMA starExpression)* COMMA?;
starExpression: STAR expression | namedTest;
yieldExpression: YIELD (FROM test | starExpressions)?;

namedTest: test (WALRUS test)?;

test
  : expression (IF expression ELSE test)?
  | LAMBDA lambdaParameters? COLON test
  ;

lambdaParameters: lambdaParameter (COMMA lambdaParameter)* COMMA?;
lambdaParameter: NAME (ASSIGN test)? | STAR NAME? | DOUBLE_STAR NAME | SLASH;

expression
  : AWAIT? primary                                                            # primaryExpression
  | <assoc = right> expression operator = DOUBLE_STAR expression              # binaryExpression
  | operator = (MINUS | PLUS | TILDE) expression                              # unaryExpression
  | expression operator = (STAR | SLASH | DOUBLE_SLASH | PERCENT | AT) expression  # binaryExpression
  | expression operator = (PLUS | MINUS) expression                           # binaryExpression
  | expression operator = (LEFT_SHIFT | RIGHT_SHIFT) expression               # binaryExpression
  | expression operator = AMPERSAND expression                                # binaryExpression
  | expression operator = CARET expression                                    # binaryExpression
  | expression operator = BAR expression                                      # binaryExpression
  | expression comparison expression                                          # comparisonExpression
  | operator = NOT expression                                                 # unaryExpression
  | expression operator = AND expression                                      # booleanExpression
  | expression operator = OR expression                                       # booleanExpression
  ;

comparison
  : LESS | GREATER | LESS_EQUAL | GREATER_EQUAL | EQUAL | NOT_EQUAL | IN | NOT IN | IS NOT?
  ;

primary
  : atom                                   # atomPrimary
  | primary DOT NAME                       # attributePrimary
  | primary LPAREN arguments? RPAREN       # callPrimary
  | primary LBRACKET subscripts RBRACKET   # subscriptPrimary
  ;

arguments: argument (COMMA argument)* COMMA?;
argument
  : NAME ASSIGN test
  | (STAR | DOUBLE_STAR) test
  | item comprehension?
  ;

subscripts: subscript (COMMA subscript)* COMMA?;
subscript
  : namedTest sliceEnd?
  | sliceEnd
  | STAR expression
  ;
sliceEnd: COLON upper = test? (COLON step = test?)?;

atom
  : LPAREN (yieldExpression | items comprehension?)? RPAREN   # parenthesized
  | LBRACKET (items comprehension?)? RBRACKET                 # list
  | LBRACE (entries comprehension?)? RBRACE                   # dictionaryOrSet
  | NAME                                                      # name
  | NUMBER                                                    # number
  | STRING+                                                   # string
  | (NONE | TRUE | FALSE | ELLIPSIS)                          # constant
  ;

items: item (COMMA item)* COMMA?;
// `as` is legal only in a parenthesized list of `with` items and in the patterns of `case`.
item: (STAR expression | namedTest) (AS target)?;
entries: entry (COMMA entry)* COMMA?;
entry: DOUBLE_STAR expression | STAR expression | namedTest (COLON item)?;

comprehension: (ASYNC? FOR targets IN expression (IF expression)*)+;

targets: target (COMMA target)* COMMA?;
target: STAR? primary;
