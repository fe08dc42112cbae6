// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

// The tokens of Python 3. Logical lines, INDENT, DEDENT and the soft keywords come from LayoutLexer.
lexer grammar PythonLexer;

options { superClass = LayoutLexer; }

tokens { INDENT, DEDENT, MATCH, CASE }

AND: 'and'; AS: 'as'; ASSERT: 'assert'; ASYNC: 'async'; AWAIT: 'await'; BREAK: 'break'; CLASS: 'class';
CONTINUE: 'continue'; DEF: 'def'; DEL: 'del'; ELIF: 'elif'; ELSE: 'else'; EXCEPT: 'except'; FALSE: 'False';
FINALLY: 'finally'; FOR: 'for'; FROM: 'from'; GLOBAL: 'global'; IF: 'if'; IMPORT: 'import'; IN: 'in'; IS: 'is';
LAMBDA: 'lambda'; NONE: 'None'; NONLOCAL: 'nonlocal'; NOT: 'not'; OR: 'or'; PASS: 'pass'; RAISE: 'raise';
RETURN: 'return'; TRUE: 'True'; TRY: 'try'; WHILE: 'while'; WITH: 'with'; YIELD: 'yield';

LPAREN: '('; RPAREN: ')'; LBRACKET: '['; RBRACKET: ']'; LBRACE: '{'; RBRACE: '}';
DOT: '.'; ELLIPSIS: '...'; COMMA: ','; COLON: ':'; SEMICOLON: ';'; ASSIGN: '='; WALRUS: ':='; ARROW: '->';
PLUS: '+'; MINUS: '-'; STAR: '*'; SLASH: '/'; DOUBLE_SLASH: '//'; PERCENT: '%'; AT: '@'; DOUBLE_STAR: '**';
LEFT_SHIFT: '<<'; RIGHT_SHIFT: '>>'; AMPERSAND: '&'; BAR: '|'; CARET: '^'; TILDE: '~';
LESS: '<'; GREATER: '>'; LESS_EQUAL: '<='; GREATER_EQUAL: '>='; EQUAL: '=='; NOT_EQUAL: '!=';
AUGMENTED_ASSIGN
  : '+=' | '-=' | '*=' | '/=' | '//=' | '%=' | '@=' | '**=' | '<<=' | '>>=' | '&=' | '|=' | '^='
  ;

NUMBER
  : DECIMAL
  | '0' [xX] ('_'? [0-9a-fA-F])+
  | '0' [oO] ('_'? [0-7])+
  | '0' [bB] ('_'? [01])+
  | (POINT_FLOAT | DIGITS EXPONENT) [jJ]?
  | DIGITS [jJ]
  ;

STRING
  : STRING_PREFIX? ('\'' (ESCAPE | ~[\\\r\n'])* '\'' | '"' (ESCAPE | ~[\\\r\n"])* '"')
  ;

// The rest of a triple-quoted string is read by hand: a rule for its end would rescan the file for each unclosed one.
LONG_STRING
  : STRING_PREFIX? ('\'\'\'' | '"""') { finishLongString(); } -> type(STRING)
  ;

// Every string that ends is one character longer, so this matches only where the line ends first.
UNTERMINATED_STRING
  : STRING_PREFIX? ('\'' (ESCAPE | ~[\\\r\n'])* | '"' (ESCAPE | ~[\\\r\n"])*)
  ;

// Letters beyond ASCII are checked in LayoutLexer: Unicode's tables would cost time at every start.
NAME: [a-zA-Z_\u0080-\u{10FFFF}] [a-zA-Z0-9_\u0080-\u{10FFFF}]*;

NEWLINE: '\r'? '\n' | '\r';
BLANKS: [ \t\f]+ -> skip;
COMMENT: '#' ~[\r\n]* -> skip;
LINE_JOIN: '\\' ('\r'? '\n' | '\r') -> skip;
UNKNOWN: .;

fragment STRING_PREFIX
  : [rRuUbBfF] | [rR] [bBfF] | [bBfF] [rR]
  ;
fragment ESCAPE: '\\' ('\r\n' | .);
fragment DIGITS: [0-9] ('_'? [0-9])*;
fragment DECIMAL: [1-9] ('_'? [0-9])* | '0' ('_'? '0')*;
fragment EXPONENT: [eE] [+-]? DIGITS;
fragment POINT_FLOAT: (DIGITS? '.' DIGITS | DIGITS '.') EXPONENT?;
