import { describe, expect, test } from 'vitest';
import type { PatchOperation } from '../../src/patch/json-patch.ts';
import type { Pointer } from '../../src/patch/pointer.ts';
import { editYaml } from '../../src/yaml/edit/edit.ts';
import { spliced } from '../../src/yaml/edit/splice.ts';
import { readYaml } from '../../src/yaml/read.ts';

const add = (path: Pointer, value: unknown): PatchOperation => ({ op: 'add', path, value });
const replace = (path: Pointer, value: unknown): PatchOperation => ({ op: 'replace', path, value });

/** The text with the operations written into one of its documents, or why they are rejected. */
function edited(text: string, operations: readonly PatchOperation[], document = 0): string {
  const { start = { line: 0, column: 0 } } = readYaml(text).documents[document] ?? {};
  const { splices, rejected } = editYaml(text, [{ start, operations }]);
  const [reason] = rejected.values();
  return reason ?? spliced(text, splices);
}

/** What it is about, the text, what is to be done, and the text then or why it is not done. */
type Case = readonly [string, string, readonly PatchOperation[], string];

describe('absent values', () => {
  test.each<Case>([
    ['a key without a value', 'a:\nb: 1\n', [replace('/a', { x: { w: 1 } })], 'a:\n  x:\n    w: 1\nb: 1\n'],
    [
      'a comment behind the key stays there',
      'a: # todo\n  # more\nb: 1\n',
      [replace('/a', { x: { w: 1 } })],
      'a: # todo\n  x:\n    w: 1\n  # more\nb: 1\n',
    ],
    ['at the end of a text without a line end', 'b: 1\na:', [replace('/a', { x: 1 })], 'b: 1\na:\n  x: 1'],
    [
      'a null that is written',
      'a: # c\nb: ~ # d\nc: null\n',
      [replace('/a', 5), replace('/b', 6), replace('/c', { d: 1 })],
      'a: 5 # c\nb: 6 # d\nc:\n  d: 1\n',
    ],
  ])('%s', (_, before, operations, after) => {
    expect(edited(before, operations)).toBe(after);
  });
});

describe('empty collections', () => {
  test.each<Case>([
    [
      '{} becomes lines, with the comment behind it',
      'r: {} # none\nb: 1\n',
      [add('/r/x', 1), add('/r/w', { z: ['a'] })],
      'r: # none\n  x: 1\n  w:\n    z:\n    - a\nb: 1\n',
    ],
    [
      '[] becomes a short list, or lines',
      'd: []\nv: [ ] # c\n',
      [add('/d/-', 'ALL'), add('/v/-', { name: 'x' })],
      'd: [ALL]\nv: # c\n- name: x\n',
    ],
    ['an anchor before {} that nothing uses', 'r: &r {}\nb: 1\n', [add('/r/x', 1)], 'r: &r\n  x: 1\nb: 1\n'],
    [
      'as elements of lists',
      'a:\n- {}\n- \n- x: {}\n',
      [add('/a/0/q', { r: 1 }), add('/a/2/x/w', 1)],
      'a:\n- q:\n    r: 1\n- \n- x:\n    w: 1\n',
    ],
    ['not where a comment would go', 'a: { # none\n }\n', [add('/a/b', 1)], 'a comment would be lost'],
  ])('%s', (_, before, operations, after) => {
    expect(edited(before, operations)).toBe(after);
  });
});

describe('brackets', () => {
  test.each<Case>([
    [
      'in the same line, padded or not, with or without a last comma',
      's: { runAsUser: 1000 } # c\nt: {a: 1,}\nu: [a, b]\nv: [ "a" ]\n',
      [add('/s/runAsNonRoot', true), add('/t/b', { c: 1 }), add('/u/-', 'c'), add('/v/-', 'b')],
      's: { runAsUser: 1000, runAsNonRoot: true } # c\nt: {a: 1, b: {c: 1},}\nu: [a, b, c]\nv: [ "a", "b" ]\n',
    ],
    [
      'in lines of their own, with comments',
      's: {\n  a: 1, # one\n  b: 2 # two\n}\nt: {\n  a: 1,\n}\nu: [\n  "x", "y" ]\n',
      [add('/s/c', 3), add('/t/b', { k: [1] }), add('/u/-', 'z')],
      's: {\n  a: 1, # one\n  b: 2, # two\n  c: 3\n}\nt: {\n  a: 1,\n  b: {k: [1]},\n}\nu: [\n  "x", "y",\n  "z" ]\n',
    ],
    [
      'empty ones in others',
      'a: { b: {}, c: [], d: { e: 1 } }\n',
      [add('/a/b/q', { r: 1 }), add('/a/c/-', 'x'), add('/a/d/f', { g: 1 })],
      'a: { b: { q: { r: 1 } }, c: [x], d: { e: 1, f: { g: 1 } } }\n',
    ],
    [
      'a key without a colon',
      'a: { b: , c }\n',
      [replace('/a/b', { r: 1 }), replace('/a/c', 1)],
      'the layout of the text does not allow an addition without changing more',
    ],
    ['a key that is there twice', ' {a: 1, a: {b: 1}}\n', [add('/a/c', 1)], ' {a: 1, a: {b: 1, c: 1}}\n'],
    [
      'a list of maps in brackets',
      'a: [{b: 1}, {c: 2}]\n',
      [add('/a/0/x', 1), add('/a/-', { w: 1 })],
      'a: [{b: 1, x: 1}, {c: 2}, {w: 1}]\n',
    ],
  ])('%s', (_, before, operations, after) => {
    expect(edited(before, operations)).toBe(after);
  });
});

describe('JSON', () => {
  test.each<Case>([
    [
      'indented by four',
      '{\n    "a": {},\n    "b": null,\n    "c": [\n        "x"\n    ],\n    "d": {"e":1}\n}\n',
      [
        add('/a/k', { z: 1 }),
        replace('/b', { w: [{ q: 1 }] }),
        add('/c/-', { w: 1 }),
        add('/d/f', [1, { g: 2 }]),
        add('/e', true),
      ],
      '{\n    "a": {\n        "k": {\n            "z": 1\n        }\n    },\n    "b": {\n        "w": [\n            {\n                "q": 1\n            }\n        ]\n    },\n    "c": [\n        "x",\n        {\n            "w": 1\n        }\n    ],\n    "d": {"e":1,"f":[1,{"g":2}]},\n    "e": true\n}\n',
    ],
    [
      'indented by tabs, without a line end',
      '{\n\t"a": {\n\t\t"b": 1\n\t}\n}',
      [add('/a/k', { z: 1 }), add('/q', { z: {} })],
      '{\n\t"a": {\n\t\t"b": 1,\n\t\t"k": {\n\t\t\t"z": 1\n\t\t}\n\t},\n\t"q": {\n\t\t"z": {}\n\t}\n}',
    ],
    [
      'in one line',
      '{"a":{"b":1},"c":{}}',
      [add('/a/k', { z: 1 }), add('/c/k', [1, 2])],
      '{"a":{"b":1,"k":{"z":1}},"c":{"k":[1,2]}}',
    ],
    [
      'in one line with blanks',
      '{"a": {"b": 1}, "c": {}}',
      [add('/a/k', { z: 1 }), add('/c/k', [1, 2])],
      '{"a": {"b": 1, "k": {"z": 1}}, "c": {"k": [1, 2]}}',
    ],
  ])('%s', (_, before, operations, after) => {
    expect(edited(before, operations)).toBe(after);
  });
});

describe('line ends and marks', () => {
  test.each<Case>([
    [
      'CRLF',
      'a:\r\n  b: 1\r\nc: {}\r\n',
      [add('/a/d', { e: 1 }), add('/c/f', 1)],
      'a:\r\n  b: 1\r\n  d:\r\n    e: 1\r\nc:\r\n  f: 1\r\n',
    ],
    [
      'a byte order mark',
      '\uFEFFa:\n  b: 1\n',
      [add('/a/d', { e: 1 }), add('/z', 1)],
      '\uFEFFa:\n  b: 1\n  d:\n    e: 1\nz: 1\n',
    ],
  ])('%s', (_, before, operations, after) => {
    expect(edited(before, operations)).toBe(after);
  });
});

describe('block scalars', () => {
  test.each<Case>([
    [
      'one that keeps the blank lines behind it',
      'a:\n  s: |+\n    x\n\nb: 1\n',
      [add('/a/t', 1)],
      'a:\n  s: |+\n    x\n\n  t: 1\nb: 1\n',
    ],
    ['one that does not', 'a:\n  s: |\n    x\n\n\nb: 1\n', [add('/a/t', 1)], 'a:\n  s: |\n    x\n  t: 1\n\n\nb: 1\n'],
    [
      'one that ends with the text, and its value with a line end',
      'a:\n  s: |\n    x',
      [add('/a/t', 1)],
      'a:\n  s: |\n    x\n  t: 1',
    ],
    [
      'one that ends with the text, and its value without',
      'a:\n  s: |-\n    x',
      [add('/a/t', 1)],
      'a:\n  s: |-\n    x\n  t: 1',
    ],
    [
      'what looks like a comment in them',
      'a:\n  b: |\n    #!/bin/sh\n    x\n  c: "# no"\n',
      [add('/a/d', 1)],
      'a:\n  b: |\n    #!/bin/sh\n    x\n  c: "# no"\n  d: 1\n',
    ],
  ])('%s', (_, before, operations, after) => {
    expect(edited(before, operations)).toBe(after);
  });
});

describe('documents', () => {
  test('one of several', () => {
    const text = 'a: 1\n--- # two\nb:\n- c: 1\n  d: 2 # x\n...\n# end\n---\ne: 1\n';
    expect(edited(text, [add('/b/0/e', 1), add('/b/-', { f: 1 })], 1)).toBe(
      'a: 1\n--- # two\nb:\n- c: 1\n  d: 2 # x\n  e: 1\n- f: 1\n...\n# end\n---\ne: 1\n',
    );
  });

  test('one JSON object behind another', () => {
    expect(edited('{"a":1}{"a":2}\n{"a":3}', [add('/b', 1)], 1)).toBe('{"a":1}{"a":2,"b":1}\n{"a":3}');
  });

  test.each<Case>([
    [
      'a key that is there twice: the last counts',
      'a:\n  x: 1\na:\n  y: 1\n',
      [add('/a/z', 1)],
      'a:\n  x: 1\na:\n  y: 1\n  z: 1\n',
    ],
    [
      'a comment at the end of a text without a line end',
      'a:\n  b: 1 # c',
      [add('/a/d', { e: 1 }), add('/z', 1)],
      'a:\n  b: 1 # c\n  d:\n    e: 1\nz: 1',
    ],
    [
      'comments at the end stay at the end',
      'a:\n  b: 1\n  # tail\n\n# foot\n',
      [add('/a/d', 1)],
      'a:\n  b: 1\n  d: 1\n  # tail\n\n# foot\n',
    ],
  ])('%s', (_, before, operations, after) => {
    expect(edited(before, operations)).toBe(after);
  });
});

describe('anchors', () => {
  test.each<Case>([
    [
      'what an alias stands for',
      'base: &b\n  x: 1\nuse: *b\n',
      [add('/use/w', 1)],
      'other places share this text through the anchor &b, and would change as well',
    ],
    [
      'what an alias elsewhere stands for',
      'base: &b\n  x: 1\nuse: *b\n',
      [add('/base/w', 1)],
      'other places share this text through the anchor &b, and would change as well',
    ],
    [
      'what all places with it want is written once',
      'base: &b\n  x: 1\nuse: *b\n',
      [add('/base/w', 1), add('/use/w', 1)],
      'base: &b\n  x: 1\n  w: 1\nuse: *b\n',
    ],
    [
      'a merged member is overridden',
      'base: &b\n  x: 1\n  s: {u: 1}\nuse:\n  <<: *b\n  z: 1\n',
      [add('/use/w', 1), replace('/use/x', 2)],
      'base: &b\n  x: 1\n  s: {u: 1}\nuse:\n  <<: *b\n  z: 1\n  w: 1\n  x: 2\n',
    ],
    [
      'but not what is in a merged member',
      'base: &b\n  x: 1\n  s: {u: 1}\nuse:\n  <<: *b\n  z: 1\n',
      [add('/use/s/w', 1)],
      'other places share this text through a merge key (<<), and would change as well',
    ],
    [
      'a map of nothing but a merge key',
      'base: &b\n  x: 1\nuse:\n  <<: *b\n',
      [add('/use/w', 1)],
      'base: &b\n  x: 1\nuse:\n  <<: *b\n  w: 1\n',
    ],
  ])('%s', (_, before, operations, after) => {
    expect(edited(before, operations)).toBe(after);
  });
});

describe('replacing', () => {
  test.each<Case>([
    [
      'lines by lines',
      'l:\n  preStop:\n    tcpSocket:\n      port: 1\n  b: 1\n',
      [replace('/l/preStop', { sleep: { seconds: 5 } })],
      'l:\n  preStop:\n    sleep:\n      seconds: 5\n  b: 1\n',
    ],
    [
      'comments among the lines stay',
      'l:\n  preStop:\n    tcpSocket: # why\n      port: 1\n  b: 1\n',
      [replace('/l/preStop', { sleep: { seconds: 5 } })],
      'l:\n  preStop:\n    # why\n    sleep:\n      seconds: 5\n  b: 1\n',
    ],
    [
      'numbers, texts, block scalars and elements',
      'a: 30 # s\nb: "30"\nc: |\n  x\nd: [1, 2]\n',
      [replace('/a', 35), replace('/b', 'x'), replace('/c', 'yes'), replace('/d/1', 3)],
      'a: 35 # s\nb: x\nc: "yes"\nd: [1, 3]\n',
    ],
  ])('%s', (_, before, operations, after) => {
    expect(edited(before, operations)).toBe(after);
  });
});

describe('layout', () => {
  test.each<Case>([
    [
      'lists that are indented below their keys',
      's:\n  c:\n    - n: 1\n      v:\n        - a\n',
      [add('/s/c/0/v/-', 'b'), add('/s/c/-', { n: 2, v: ['q'] }), add('/s/vols', [{ name: 't' }])],
      's:\n  c:\n    - n: 1\n      v:\n        - a\n        - b\n    - "n": 2\n      v:\n        - q\n  vols:\n    - name: t\n',
    ],
    [
      'lists in lists, and wide dashes',
      '- - a: 1\n  - b\n-   c: 1\n    d: 2\n',
      [add('/0/0/x', 1), add('/0/-', 'z'), add('/1/e', { f: 1 })],
      '- - a: 1\n    x: 1\n  - b\n  - z\n-   c: 1\n    d: 2\n    e:\n      f: 1\n',
    ],
    [
      'a question mark for a key without a value',
      '? a\n: b: 1\n? c\n',
      [add('/a/x', 1), replace('/c', { d: 1 })],
      'the layout of the text does not allow an addition without changing more',
    ],
    [
      'brackets whose lines are not indented',
      'a: {b: 1,\nc: 2}\nd: {}\n',
      [add('/d/e', 1)],
      'a: {b: 1,\nc: 2}\nd:\n  e: 1\n',
    ],
    ['quoted keys', '"a b":\n  "c": 1\n', [add('/a b/d', 1)], '"a b":\n  "c": 1\n  d: 1\n'],
    [
      'maps that end in the same line',
      'a:\n  b:\n    c: 1\n',
      [add('/x', 1), add('/a/w', 1), add('/a/b/z', 1)],
      'a:\n  b:\n    c: 1\n    z: 1\n  w: 1\nx: 1\n',
    ],
    [
      'tags',
      'a: !!map\n  b: 1\nc: !!null\nd: !!str x\n',
      [add('/a/x', 1)],
      'a: !!map\n  b: 1\n  x: 1\nc: !!null\nd: !!str x\n',
    ],
    [
      'text that YAML 1.1 or kubectl would take for something else is quoted',
      'a:\n  b: 1\n',
      [
        add('/a/c', {
          d: 'yes',
          e: '0o7',
          f: '1_0',
          g: 'null',
          h: '1e3',
          i: '012',
          j: '',
          k: 'a: b',
          l: '#x',
          m: '@x',
          n: '- x',
          o: 'y',
          p: '1:30',
          q: 'x\ny\n',
          r: '~',
        }),
      ],
      'a:\n  b: 1\n  c:\n    d: "yes"\n    e: "0o7"\n    f: "1_0"\n    g: "null"\n    h: "1e3"\n    i: "012"\n    j: ""\n    k: "a: b"\n    l: "#x"\n    m: "@x"\n    "n": "- x"\n    o: "y"\n    p: "1:30"\n    q: |\n      x\n      y\n    r: "~"\n',
    ],
    [
      'texts over several lines',
      'a:\n  b: some\n   more\nc: "x\n y"\n',
      [add('/a/d', 1), add('/e', 1)],
      'a:\n  b: some\n   more\n  d: 1\nc: "x\n y"\ne: 1\n',
    ],
  ])('%s', (_, before, operations, after) => {
    expect(edited(before, operations)).toBe(after);
  });
});

/** Lines without the indentation of the test. */
const lines = (text: string): string => {
  const own = text.replace(/^\n/, '').replace(/ *$/, '');
  const indent = /^ */.exec(own)?.[0] ?? '';
  return own.replaceAll(new RegExp(`^${indent}`, 'gm'), '');
};

describe('maps and lists in lines', () => {
  test('a member goes below the last, and comments stay where they are', () => {
    const text = lines(`
      # the shop
      spec:  # below
        containers:
        - name: app   # the one
          image: 'app:1.0'  # pinned

          # ports:
          # - 80
        - name: log
          image: "log:1"
      status: {}
    `);
    const operations = [
      add('/spec/containers/0/securityContext', { allowPrivilegeEscalation: false }),
      add('/spec/containers/1/lifecycle', { preStop: { sleep: { seconds: 5 } } }),
      add('/spec/terminationGracePeriodSeconds', 35),
    ];
    expect(edited(text, operations)).toBe(
      lines(`
        # the shop
        spec:  # below
          containers:
          - name: app   # the one
            image: 'app:1.0'  # pinned
            securityContext:
              allowPrivilegeEscalation: false

            # ports:
            # - 80
          - name: log
            image: "log:1"
            lifecycle:
              preStop:
                sleep:
                  seconds: 5
          terminationGracePeriodSeconds: 35
        status: {}
      `),
    );
  });
});
