import { bigInt, constantFrom, assert as holds, integer, oneof, property as prop, string, tuple } from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  formatQuantity,
  isPositive,
  notationOf,
  parseQuantity,
  type Quantity,
  roundedToMilli,
} from '../../src/subject/quantity.ts';
import { cpuSecondsOf } from '../support/cpu-time.ts';

const canonical = (value: unknown): string | undefined => {
  const amount = parseQuantity(value);
  return amount === undefined ? undefined : formatQuantity(amount, notationOf(value));
};

/** What `resource.ParseQuantity` and `Quantity.String` of Kubernetes 1.36.3 make of these, recomputed from its value. */
describe('reads and writes quantities as Kubernetes does', () => {
  test.each([
    ['0', '0'],
    ['00', '0'],
    ['-0', '0'],
    ['0.0', '0'],
    ['1', '1'],
    ['1.0', '1'],
    ['1000m', '1'],
    ['1e0', '1'],
    ['0.5', '500m'],
    ['.5', '500m'],
    ['1.', '1'],
    ['-1.5', '-1500m'],
    ['+1Gi', '1Gi'],
    ['1.Gi', '1Gi'],
    [' 1Gi ', '1Gi'],
    ['1.5Gi', '1536Mi'],
    ['1024Mi', '1Gi'],
    ['1000Ki', '1000Ki'],
    ['1024Ki', '1Mi'],
    ['1.5Ki', '1536'],
    ['0.5Ki', '512'],
    ['1.2Gi', '1288490188800m'],
    ['0.1Ki', '102400m'],
    ['1024', '1024'],
    ['1048576', '1048576'],
    ['1000000', '1M'],
    ['1000k', '1M'],
    ['100m', '100m'],
    ['0.0001', '100u'],
    ['1000n', '1u'],
    ['0.1n', '1n'],
    ['1e9', '1e9'],
    ['1E9', '1e9'],
    ['1E', '1E'],
    ['1E3', '1e3'],
    ['1e+3', '1e3'],
    ['1e-3', '1e-3'],
    ['1.5e3', '1500'],
    ['1e-10', '1e-9'],
    ['1e-100', '1e-9'],
    ['1e65', '100e63'],
    ['7Ei', '7Ei'],
    ['8Ei', '9223372036854775807'],
    ['-100Ei', '-9223372036854775807'],
    ['9223372036854775808', '9223372036854775808'],
    ['123456789012345678', '123456789012345678'],
    ['12345678901234567890123456789', '12345678901234567890123456789'],
  ])('%s is %s', (text, wanted) => {
    expect(canonical(text)).toBe(wanted);
  });

  test.each(['Mi', 'Ti', '.Gi', '-Mi', '0Ei', '.', 'm', '+', '-', 'e3', '0e-100'])('%s is zero', (text) => {
    expect(parseQuantity(text)).toBe(0n);
    expect(isPositive(text)).toBe(false);
  });

  test.each([
    '',
    ' ',
    '1K',
    '1ki',
    '1KB',
    '1MB',
    '128 Mi',
    '1e',
    '1e+',
    '1i',
    '1kk',
    '1mi',
    '1Em',
    '1.2.3',
    '--1',
    '0x10',
    '1_000',
    '1µ',
    '1,5',
    '٣',
    'Pi',
    'Ei',
    '+Pi',
    '.Ei',
    'e-10',
    'Infinity',
    'NaN',
  ])('%j is none', (text) => {
    expect(parseQuantity(text)).toBeUndefined();
    expect(isPositive(text)).toBe(false);
  });

  test('a number of JSON or YAML is one', () => {
    expect([0.5, 2, 1e21, 1e-7, -1].map(canonical)).toEqual(['500m', '2', '1e21', '100e-9', '-1']);
  });

  test.each([undefined, null, true, {}, [], ['1'], NaN, Infinity])('%j is none', (value) => {
    expect(parseQuantity(value)).toBeUndefined();
  });

  test('what has no suffix is written with an exponent, where Kubernetes 1.36 drops it', () => {
    expect(canonical('1000E')).toBe('1e21');
  });
});

describe('compares exactly', () => {
  const same = [
    ['1', '1000m', '1e0', '1.000', '+1', '1000000u'],
    ['1Gi', '1024Mi', '1073741824', '1.Gi'],
    ['1G', '1e9', '1000M', '1E9'],
  ];
  test.each(same.map((texts) => ({ texts })))('$texts are equal', ({ texts }) => {
    expect(new Set(texts.map(parseQuantity)).size).toBe(1);
  });

  test('1G is less than 1Gi', () => {
    expect(parse('1G')).toBeLessThan(parse('1Gi'));
  });

  test('tenths add up', () => {
    expect(parse('0.1') + parse('0.2')).toBe(parse('0.3'));
  });
});

test('what containers ask for is rounded up to thousandths', () => {
  const rounded = (text: string): string => formatQuantity(roundedToMilli(parse(text)), 'decimal');
  expect(['0.0001', '1n', '1.0001', '1m', '1', '0', '-0.0001'].map(rounded)).toEqual([
    '1m',
    '1m',
    '1001m',
    '1m',
    '1',
    '0',
    '-1m',
  ]);
});

describe('for any text', () => {
  const suffix = constantFrom(
    '',
    'n',
    'u',
    'm',
    'k',
    'M',
    'G',
    'T',
    'P',
    'E',
    'Ki',
    'Mi',
    'Gi',
    'Ti',
    'Pi',
    'e3',
    'E-2',
  );
  const digits = bigInt({ min: 0n, max: 10n ** 12n }).map(String);

  test('a written quantity reads as itself', () => {
    // what is beyond is capped when it is read with a binary suffix
    const largest = (2n ** 63n - 1n) * 10n ** 9n;
    const amounts = bigInt({ min: -largest, max: largest });
    holds(
      prop(amounts, constantFrom('decimal', 'binary', 'exponent'), (amount, notation) => {
        expect(parseQuantity(formatQuantity(amount, notation))).toBe(amount);
      }),
    );
  });

  test('the canonical form is the same amount, and canonical', () => {
    holds(
      prop(digits, digits, suffix, (whole, fraction, unit) => {
        const once = canonical(`${whole}.${fraction}${unit}`);
        expect(parseQuantity(once)).toBe(parseQuantity(`${whole}.${fraction}${unit}`));
        expect(canonical(once)).toBe(once);
        expect(once).toMatch(/^\d+(?:[numkMGTPE]|[KMGTPE]i|e-?\d+)?$/);
      }),
    );
  });

  test('the decimal point moves by a thousand per suffix', () => {
    const neighbors = [
      ['n', 'u'],
      ['u', 'm'],
      ['m', ''],
      ['', 'k'],
      ['k', 'M'],
      ['M', 'G'],
      ['G', 'T'],
      ['T', 'P'],
    ] as const;
    holds(
      prop(digits, integer({ min: 0, max: neighbors.length - 1 }), (whole, index) => {
        const [small, large] = neighbors[index] ?? ['', 'k'];
        expect(parseQuantity(`${whole}000${small}`)).toBe(parseQuantity(`${whole}${large}`));
      }),
    );
  });

  test('never throws, and never takes long', () => {
    const hostile = oneof(
      string(),
      tuple(digits, string({ maxLength: 4 })).map((parts) => parts.join('')),
    );
    holds(prop(hostile, (text) => void parseQuantity(text)));
    const seconds = cpuSecondsOf(() => {
      for (const text of ['1e999999999999', `1e-${'9'.repeat(100)}`, '9'.repeat(20_000_000), `0.${'0'.repeat(200)}1`])
        parseQuantity(text);
    });
    expect(seconds).toBeLessThan(2);
  });
});

function parse(text: string): Quantity {
  const amount = parseQuantity(text);
  if (amount === undefined) throw new Error(`${text} is no quantity`);
  return amount;
}
