import { type Corpus, configMap } from './corpus.ts';

const written = `
yes Yes YES yEs on On ON oN y Y true True TRUE tRUE no No NO nO off Off OFF oFF n N false False FALSE
~ null Null NULL nULL none nil undefined
0 1 -1 +1 00 01 007 010 -010 +010 08 09 0o10 0o8 0O10 0x1F 0X1f 0xg 0x -0x10 0b11 0b2 -0b11 0B11 0b
1_000 1__0 _1 1_ 1_.5 0x_1F 0b1_1 0_7 0o1_0
1.0 1. .5 -.5 +.5 ._5 .5_0 1.5e3 1e3 1E3 1e+3 1e-3 1e 1e400 -1e400 1e-400 .e5 . + - 1.2.3 1..2 0.1 0.30000000000000004
.inf .Inf .INF -.inf +.inf .nan .NaN .NAN inf nan NaN Infinity
9007199254740991 9007199254740993 9223372036854775807 9223372036854775808 -9223372036854775808 -9223372036854775809
18446744073709551615 18446744073709551616 123456789012345678901234567890 0xFFFFFFFFFFFFFFFF 0xFFFFFFFFFFFFFFFFFF
1:30 1:30:45 190:20:30 60:00 2020-01-01 2020-01-01T00:00:00Z 20:30 12:34:56.789
100m 1Gi 0.5Gi 1e3Mi 10% 8080/TCP v1.2.3 1.10 3.0 1.20 sha256:0123 a:b a#b - -a --a a- :a ::a ?a %a @a
<< = <<x !x
`;

const quoted: readonly string[] = [
  `"yes"`,
  `'010'`,
  `""`,
  `''`,
  `'it''s'`,
  String.raw`"a\tb\nc\\d\"e\/f"`,
  String.raw`"\x41\u0041\U00000041"`,
  String.raw`"\0\a\b\v\f\r\e\N\_\L\P"`,
  String.raw`"\ud83d\ude00"`,
  String.raw`"\U0001F600"`,
  String.raw`"\q"`,
  String.raw`"\x4"`,
  String.raw`'\n'`,
  '"😀 ä 漢"',
  '😀 ä 漢',
  "'a'b",
  '"a" "b"',
  "'open",
  '"open',
  'a "b" c',
  'a # comment',
  'a#no comment',
  'a : b',
  'a:b: c',
  'a, b [c] {d}',
  '[a, b]c',
  '{a: b}c',
  '"a":b',
  '`a`',
  '*',
  '&',
  '&a',
  '! a',
  '|x',
  '>-5x\n  a',
];

const tagged: readonly string[] = [
  '!!str yes',
  '!!str 010',
  '!!str',
  '!!int "5"',
  '!!int 5',
  '!!int 1.5',
  '!!int x',
  '!!float 1',
  '!!float "1.5"',
  '!!float x',
  '!!bool yes',
  '!!bool "on"',
  '!!bool 1',
  '!!null ~',
  '!!null x',
  '!!null ""',
  '!!binary aGk=',
  '!!binary "aGk="',
  '!!binary |\n    aGk=\n    aGk=',
  '!!binary ???',
  '!!timestamp 2020-01-01',
  '!!timestamp x',
  '!custom 1',
  '!custom yes',
  '!custom {a: 1}',
  '!custom [1]',
  '! 1',
  '!<tag:yaml.org,2002:str> 1',
  '!<tag:yaml.org,2002:int> "1"',
  '!e!x 1',
  '!!map {a: 1}',
  '!!seq [1]',
  '!!set {a, b}',
  '!!omap [a: 1]',
  '!!unknown 1',
];

const words = written.trim().split(/\s+/);

/** What one value becomes. */
export const scalars: Corpus = Object.fromEntries([
  ...[...words, ...quoted, ...tagged].map((value) => [value, configMap(`  value: ${value}\n`)] as const),
  ...[
    'yes',
    '010',
    '1.10',
    '1e3',
    '0x10',
    '123456789.5',
    '1.5e10',
    '~',
    '.inf',
    '.nan',
    '-.inf',
    '2020-01-01',
    '1:30',
    '<<',
    '!!str 1',
    '"1"',
  ].map((key) => [`${key} as a key`, configMap(`  ${key}: x\n`)] as const),
]);
