import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readYaml } from '../../src/yaml/read.ts';

function valuesOf(text: string): unknown[] {
  const { documents, problems } = readYaml(text);
  expect(problems).toEqual([]);
  return documents.map(({ value }) => value);
}

const readAs = (value: unknown, ...texts: string[]): [string, unknown][] => texts.map((text) => [text, value]);
const readAsText = (...texts: string[]): [string, unknown][] => texts.map((text) => [text, text]);

describe('scalars, as kubectl 1.36 reads them', () => {
  // expected values come from k8s.io/apimachinery v0.36.3, util/yaml
  const scalars: [string, unknown][] = [
    ...readAs(true, 'yes', 'Yes', 'YES', 'on', 'On', 'ON', 'y', 'Y', 'true', 'True', 'TRUE'),
    ...readAs(false, 'no', 'No', 'NO', 'off', 'Off', 'OFF', 'n', 'N', 'false', 'False', 'FALSE'),
    ...readAs(null, '~', 'null', 'Null', 'NULL', ''),
    ...readAsText(
      'oFF',
      'tRue',
      'nUll',
      '1:30',
      '190:20:30',
      '2020-01-01',
      '2020-01-01T00:00:00Z',
      '1.2.3',
      '1Gi',
      '100m',
    ),
    ...readAsText('0xFFFFFFFFFFFFFFFFFFFF', '0o8', '0x', '0b', '_1', '.', '.e5', '._5', '+', '1e400', '1e'),
    ['010', 8],
    ['+010', 8],
    ['08', 8],
    ['0o10', 8],
    ['0O17', 15],
    ['0x1F', 31],
    ['0X_1f', 31],
    ['0b11', 3],
    ['-0b11', -3],
    ['1_000', 1000],
    ['1_', 1],
    ['10.0', 10],
    ['1e1', 10],
    ['.5', 0.5],
    ['.5_0', 0.5],
    ['-.5', -0.5],
    ['1.', 1],
    ['-0', 0],
    ['18446744073709551616', 18446744073709551616],
    ['"yes"', 'yes'],
    ["'010'", '010'],
    ['!!str yes', 'yes'],
    ['!!int "5"', 5],
    ['!!float 1', 1],
    ['!!binary aGk=', 'hi'],
    ['!!timestamp 2020-01-01', '2020-01-01'],
    ['!custom 1', '1'],
  ];

  it.each(scalars)('%s', (text, value) => {
    expect(valuesOf(`a: ${text}`)).toEqual([{ a: value }]);
  });

  it.each(['.nan', '-.inf', '!!int 1.5', '!!bool 1', '!!null x'])('refuses %s', (text) => {
    expect(readYaml(`a: ${text}`)).toEqual({
      documents: [],
      problems: [
        { line: 1, column: expect.any(Number) as number, message: expect.stringMatching(/JSON|tag/) as string },
      ],
    });
  });
});

describe('maps', () => {
  it.each<[string, unknown]>([
    ['y: 1', { true: 1 }],
    ['off: 1', { false: 1 }],
    ['010: 1', { 8: 1 }],
    ['1.10: 1', { 1.1: 1 }],
    ['.inf: 1', { '.inf': 1 }],
    ['a: 1\na: 2', { a: 2 }],
    ['{a: 1, "a": 2}', { a: 2 }],
    ['a: &x b\n*x : 1', { a: 'b', b: 1 }],
    ['a: !!set {b, c}', { a: { b: null, c: null } }],
    ['a: [b: 1]', { a: [{ b: 1 }] }],
    ['"<<": {b: 1}', { '<<': { b: 1 } }],
  ])('%j', (text, value) => {
    expect(valuesOf(text)).toEqual([value]);
  });

  it.each(['~: 1', '? [a]\n: 1', ': 1'])('refuses the key of %j', (text) => {
    expect(readYaml(text).problems).toMatchObject([{ message: 'a key must be text, a number or a boolean' }]);
  });

  it('tells which keys are written twice', () => {
    const [document] = readYaml('a: 1\nb: {c: 1, d: 2, c: 3}\na: 2\n').documents;
    expect(document?.repeatedKeys).toEqual([
      { line: 2, column: 17, key: 'c' },
      { line: 3, column: 1, key: 'a' },
    ]);
  });

  it('treats __proto__ as a key like any other', () => {
    const [value] = valuesOf('x: &x {__proto__: {hostNetwork: true}}\na: {<<: *x}') as [
      { a: { hostNetwork?: boolean } },
    ];
    expect(value.a.hostNetwork).toBeUndefined();
    expect(Object.getPrototypeOf(value.a)).toBe(Object.prototype);
    expect(JSON.stringify(value.a)).toBe('{"__proto__":{"hostNetwork":true}}');
  });
});

describe('merges and aliases', () => {
  it.each<[string, unknown]>([
    ['{<<: *x, c: 1}', { b: 1, c: 1 }],
    ['{<<: *x, b: 2}', { b: 2 }],
    // kubectl lets a merge override what stands before it
    ['{b: 2, <<: *x}', { b: 1 }],
    ['{<<: [{b: 3, d: 4}, *x]}', { b: 3, d: 4 }],
    ['{<<: {<<: *x, e: 5}}', { b: 1, e: 5 }],
    ['[*x, *x]', [{ b: 1 }, { b: 1 }]],
  ])('%s', (text, value) => {
    expect(valuesOf(`a: &x {b: 1}\nm: ${text}`)).toEqual([{ a: { b: 1 }, m: value }]);
  });

  it('copies aliases, so that changing one place changes no other', () => {
    const [value] = valuesOf('a: &x {b: 1}\nc: *x') as [{ a: object; c: object }];
    expect(value.a).not.toBe(value.c);
  });

  it('takes the nearest anchor before the alias', () => {
    expect(valuesOf('a: &x 1\nb: &y [*x]\nc: &x 2\nd: *y\ne: *x')).toEqual([{ a: 1, b: [1], c: 2, d: [1], e: 2 }]);
  });

  it.each([
    ['a: *x', 'no anchor of this name precedes the alias'],
    ['a: &x [*x, *x]', 'the alias refers to a value that contains itself'],
    ['a: &x {<<: *x}', 'the alias refers to a value that contains itself'],
    ['a: {<<: 1}', 'a merge key (<<) needs a map, an alias of one, or a list'],
    ['a: &x [{b: 1}]\nc: {<<: *x}', 'a merge key (<<) needs a map, an alias of one, or a list'],
  ])('refuses %j', (text, message) => {
    expect(readYaml(text).problems).toMatchObject([{ message }]);
  });
});

describe('streams', () => {
  it('leaves out documents without content', () => {
    expect(valuesOf('# a\n---\n---\na: 1\n---\n# b\n---\nb: 2\n...\n---\n')).toEqual([{ a: 1 }, { b: 2 }]);
    expect(valuesOf('')).toEqual([]);
  });

  it.each(['a: [1', 'a: {b: "c"', 'a: "b', "a: 'b", '\ta: b', 'a: b: c', 'a: *x', '~: 1'])(
    'reads what stands around the unreadable %j',
    (bad) => {
      const { documents, problems } = readYaml(`a: 1\n---\n${bad}\n---\nb: yes\n--- # last\n{"c": 3}`);
      expect(documents.map(({ value }) => value)).toEqual([{ a: 1 }, { b: true }, { c: 3 }]);
      expect(problems).toHaveLength(1);
      expect(problems[0]?.line).toBeOneOf([3, 4]);
    },
  );

  it('says where and what', () => {
    expect(readYaml('a: 1\n---\npassword: "x" "y"\n').problems).toEqual([
      { line: 3, column: 15, message: 'bad indentation of a mapping entry' },
    ]);
  });

  it.each([
    ['*hunter2', 'no anchor of this name precedes the alias'],
    ['!hunter2!x y', 'undeclared tag handle'],
    ['!hunter2! y', 'undeclared tag handle'],
    ['!!int hunter2', 'the value does not match its tag'],
    ['|hunter2\n x', 'a line break is expected'],
    ['"\\uhunter2"', 'expected hexadecimal character'],
    ["'x'\n}hunter2", 'end of the stream or a document separator is expected'],
  ])('does not quote %j, which may be a secret', (text, message) => {
    expect(readYaml(`value: ${text}`).problems).toMatchObject([{ message }]);
  });

  it('reads JSON, also one object after the other', () => {
    expect(valuesOf('{"a": [1.5, "x\\/\\u0041", null, true], "b": {"yes": "no"}}')).toEqual([
      { a: [1.5, 'x/A', null, true], b: { yes: 'no' } },
    ]);
    expect(valuesOf('{"a": "}{"}\n{"b": 2}{"c": 3}\n')).toEqual([{ a: '}{' }, { b: 2 }, { c: 3 }]);
    expect(readYaml('{"a": 1}\n{"b": 2')).toMatchObject({
      documents: [{ value: { a: 1 } }],
      problems: [{ line: 2, column: 8, message: 'unexpected end of the stream within a flow collection' }],
    });
    expect(readYaml('{"a": 1}{"b": 2} c')).toMatchObject({
      documents: [{ value: { a: 1 } }, { value: { b: 2 } }],
      problems: [{ line: 1, column: 18, message: 'neither the end of the file nor a JSON object' }],
    });
  });

  it('reads byte order marks and Windows line ends', () => {
    expect(valuesOf('\uFEFF---\r\na: |\r\n  x\r\n  y\r\n---\r\nb: 010\r\n')).toEqual([{ a: 'x\ny\n' }, { b: 8 }]);
  });
});

describe('bombs', () => {
  const laughs = Array.from(
    { length: 12 },
    (_, i) =>
      `a${i}: &a${i} [${Array(9)
        .fill(i ? `*a${i - 1}` : 1)
        .join()}]`,
  );
  const merges = Array.from({ length: 40 }, (_, i) => `a${i}: &a${i} {<<: [${i ? `*a${i - 1}, *a${i - 1}` : '{}'}]}`);
  const chain = Array.from({ length: 2000 }, (_, i) => `a${i}: &a${i} [${i ? `*a${i - 1}` : 1}]`);

  it.each([
    ['aliases', laughs.join('\n'), 'the aliases expand to too many values'],
    ['merges', merges.join('\n'), 'the aliases expand to too many values'],
    ['a chain of aliases', chain.join('\n'), 'the aliases expand to too many values'],
    [
      'deep aliases',
      chain.slice(0, 250).join('\n').concat('\nb: ', '['.repeat(300), '*a249', ']'.repeat(300)),
      'nested too deeply (more than 500 levels)',
    ],
    ['brackets', '['.repeat(5_000), 'nested too deeply (more than 500 levels)'],
    ['closed brackets', `${'['.repeat(502)}${']'.repeat(502)}`, 'nested too deeply (more than 500 levels)'],
    ['JSON', '{"a":'.repeat(5_000), 'nested too deeply (more than 500 levels)'],
    ['dashes', `${'- '.repeat(5_000)}x`, 'nested too deeply (more than 500 levels)'],
  ])('%s', (_, bomb, message) => {
    const { documents, problems } = readYaml(`${bomb}\n---\nb: &b 1\nc: *b\n`);
    expect(documents.map(({ value }) => value)).toEqual([{ b: 1, c: 1 }]);
    expect(problems).toMatchObject([{ message }]);
  });

  it('lets a document be nested as deeply as is allowed', () => {
    expect(readYaml(`${'['.repeat(501)}${']'.repeat(501)}`).documents).toHaveLength(1);
  });

  it('limits what all documents of a stream add together', () => {
    const document = `a: &a [${'1,'.repeat(900)}]\nb: [${'*a,'.repeat(90)}]\n---\n`;
    const { documents, problems } = readYaml(document.repeat(20));
    expect([documents.length, problems.length]).toEqual([12, 8]);
  });
});

describe('positions', () => {
  const text = `# comment
kind: A
---

base: &base
  image: x
spec:
  containers:
  - name: a
    env: [{name: b}, c]
  - <<: *base
    name: d
  - {name: e, <<: *base}
  "a/b": &anchored
    x: 1
  copy: *base
  deep: [*base]
  twice: 1
  twice: 2
  empty:
  yes: 1
`;
  const [, document] = readYaml(text).documents;
  const at = (path: '' | `/${string}`): string => {
    const { line, column } = document?.positionOf(path) ?? { line: 0, column: 0 };
    return `${line}:${column}`;
  };

  it.each([
    ['', '5:1'],
    ['/spec', '7:1'],
    ['/spec/containers', '8:3'],
    ['/spec/containers/0', '9:5'],
    ['/spec/containers/0/name', '9:5'],
    ['/spec/containers/0/env/0', '10:11'],
    ['/spec/containers/0/env/0/name', '10:12'],
    ['/spec/containers/0/env/1', '10:22'],
    ['/spec/containers/1', '11:5'],
    ['/spec/containers/1/name', '12:5'],
    ['/spec/containers/1/image', '6:3'],
    ['/spec/containers/2/name', '13:6'],
    ['/spec/containers/2/image', '6:3'],
    ['/spec/a~1b/x', '15:5'],
    ['/spec/copy', '16:3'],
    ['/spec/copy/image', '6:3'],
    ['/spec/deep/0/image', '6:3'],
    ['/spec/twice', '19:3'],
    ['/spec/empty', '20:3'],
    ['/spec/true', '21:3'],
  ] as const)('%s stands at %s', (path, position) => {
    expect(at(path)).toBe(position);
  });

  it.each([
    ['/spec/containers/0/image/x', '9:5'],
    ['/spec/containers/7', '8:3'],
    ['/spec/containers/name', '8:3'],
    ['/spec/empty/x/y', '20:3'],
    ['/none', '5:1'],
    ['/spec/containers/1/none', '11:5'],
  ] as const)('a missing value at %s is located at %s', (path, position) => {
    expect(at(path)).toBe(position);
  });

  it('is where a value stands after lines that were indented to be read', () => {
    const text = 'a: [\n1, {b: 2}\n]\nc: "x\ny"\nd: [1,#\n{e: 3}]\n';
    const [read] = readYaml(text).documents;
    expect(read?.value).toEqual({ a: [1, { b: 2 }], c: 'x y', d: [1, { e: 3 }] });
    expect(read?.positionOf('/a/1/b')).toEqual({ line: 2, column: 5 });
    expect(read?.positionOf('/c')).toEqual({ line: 4, column: 1 });
    expect(read?.positionOf('/d/1/e')).toEqual({ line: 7, column: 2 });
  });

  it('is where a value stands in JSON', () => {
    const [, second] = readYaml('{"a": 1}\n{"b": [\n\t{"c": "\\/"}]}').documents;
    expect(second?.start).toEqual({ line: 2, column: 1 });
    expect(second?.positionOf('/b/0/c')).toEqual({ line: 3, column: 3 });
  });

  it('starts a document at its content', () => {
    expect(document?.start).toEqual({ line: 5, column: 1 });
    expect(readYaml('a: 1\r\n---\r\n  - b').documents[1]?.start).toEqual({ line: 3, column: 3 });
  });
});

describe('properties', () => {
  const pieces = fc.constantFrom(
    ...'a|b|x: |- |[|]|{|}|, |: |"|\'|&a |*a|<<: |!!int |\n|\n  |---\n|\n---\n|#|? |>|~|1|\t'.split('|'),
    '|',
  );
  const texts = fc.oneof(
    fc.string(),
    fc.array(pieces, { maxLength: 40 }).map((parts) => parts.join('')),
  );

  it('never throws, and every value can be sent as JSON', () => {
    fc.assert(
      fc.property(texts, (text) => {
        for (const { value, start, positionOf } of readYaml(text).documents) {
          expect(JSON.parse(JSON.stringify(value))).toEqual(value);
          expect(positionOf('/a/0/b').line).toBeGreaterThanOrEqual(start.line);
        }
      }),
    );
  });

  it('reads all JSON as JSON.parse does', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 3 })), fc.nat(2), (value, indent) => {
        const text = JSON.stringify(value, null, indent);
        const values = readYaml(text).documents.map((document) => document.value);
        // as texts, for `toEqual` does not see a member called `__proto__`
        expect(JSON.stringify(values)).toBe(JSON.stringify([JSON.parse(text)]));
      }),
    );
  });
});

describe('as kubectl 1.36 does', () => {
  it.each([
    'a:\t{b: [c]}\n',
    'a: \t {b: [c]}\n',
    'a:\t&x {b: [c]}\n',
    'a:\n  b:\t[c]\n'.replace('a:\n  b', 'a: {b: [c]}\nd'),
  ])('allows a tab before brackets: %j', (text) => {
    expect(valuesOf(text)).toMatchObject([{ a: { b: ['c'] } }]);
  });

  it.each(['a: "x\u007Fy"\n', 'a: b # \u0080\n', 'a: \uFFFE\n'])('rejects a control character: %j', (text) => {
    expect(readYaml(text).problems).toMatchObject([{ message: 'control characters are not allowed' }]);
  });
});

it('texts of megabytes overflow nothing', () => {
  const long = 'x'.repeat(20_000_000);
  const valuesOf = (text: string) => readYaml(text).documents.map(({ value }) => value);
  expect(valuesOf(`{"a": "${long}"} {"b": 1}`)).toEqual([{ a: long }, { b: 1 }]);
  expect(readYaml(`{"a": "${long}`)).toMatchObject({
    documents: [],
    problems: [{ line: 1, message: 'unexpected end of the stream within a double quoted scalar' }],
  });
  expect(readYaml(`a: !${long}`)).toEqual({
    documents: [],
    problems: [{ line: 1, column: 1, message: 'a name in it is too long' }],
  });
  expect(valuesOf(String.raw`{"a": "\"\\"} "{\"" {"b": "\\\""}`)).toEqual([{ a: '"\\' }, '{"', { b: '\\"' }]);
});
