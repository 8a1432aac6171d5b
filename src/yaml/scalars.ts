import type { ScalarNode } from './nodes.ts';

/**
 * Scalars as kubectl reads them (sigs.k8s.io/yaml on go-yaml v2, resolve.go): booleans of YAML 1.1 (`yes`, `off`, `y`),
 * octal and underscores in numbers, but neither sexagesimal numbers nor timestamps, which stay text.
 */
export function scalarValue({ text, isPlain, tag }: ScalarNode): string | number | boolean | null {
  switch (tag) {
    case undefined:
      return isPlain ? plainValue(text) : text;
    case '!!int':
    case '!!float':
    case '!!bool':
    case '!!null':
      return plainValue(text);
    case '!!binary':
      return Buffer.from(text, 'base64').toString();
    default:
      return text;
  }
}

/** Whether a value matches its tag; kubectl rejects a scalar that does not. */
export function keepsPromise({ tag, text }: ScalarNode, value: unknown): boolean {
  switch (tag ?? '') {
    case '!!int':
      return Number.isInteger(value);
    case '!!float':
      return typeof value === 'number';
    case '!!bool':
      return typeof value === 'boolean';
    case '!!null':
      return value === null;
    case '!!binary':
      return /^(?:[A-Za-z\d+/]{4})*(?:[A-Za-z\d+/]{2}==|[A-Za-z\d+/]{3}=)?$/.test(text.replaceAll(/[\r\n]/g, ''));
    case '!!timestamp':
      return /^\d{4}-\d\d?-\d\d?(?:(?:[Tt]|[ \t]+)\d\d?:\d\d?:\d\d?(?:\.\d+)?\s*(?:Z|[-+]\d\d?(?::?\d\d)?)?)?$/.test(
        text,
      );
    default:
      return true;
  }
}

const words: ReadonlyMap<string, boolean | null> = new Map([
  ...['', '~', 'null', 'Null', 'NULL'].map((text) => [text, null] as const),
  ...['y', 'Y', 'yes', 'Yes', 'YES', 'true', 'True', 'TRUE', 'on', 'On', 'ON'].map((text) => [text, true] as const),
  ...['n', 'N', 'no', 'No', 'NO', 'false', 'False', 'FALSE', 'off', 'Off', 'OFF'].map((text) => [text, false] as const),
]);

const longestWord = 'false'.length;

function plainValue(text: string): string | number | boolean | null {
  const word = text.length <= longestWord ? words.get(text) : undefined;
  if (word !== undefined) return word;
  // a digit, a sign or a point
  if (text.charCodeAt(0) > nine) return text;
  if (simpleInteger.test(text)) return Number(text);
  return /^[-+.\d]/.test(text) ? (numberFrom(text) ?? text) : text;
}

const nine = 57;
/** Of so few digits that no precision is lost. */
const simpleInteger = /^[1-9]\d{0,14}$/;

const integer = /^[-+]?(?:0[xX][\da-fA-F]+|0[bB][01]+|0[oO][0-7]+|0[0-7]*|[1-9]\d*)$/;
const decimal = /^[-+]?(?:\.\d+|\d+(?:\.\d*)?)(?:[eE][-+]?\d+)?$/;
const special: ReadonlyMap<string, number> = new Map([
  ...['.nan', '.NaN', '.NAN'].map((text) => [text, Number.NaN] as const),
  ...['.inf', '.Inf', '.INF'].flatMap((text) => [
    [text, Number.POSITIVE_INFINITY] as const,
    [`+${text}`, Number.POSITIVE_INFINITY] as const,
    [`-${text}`, Number.NEGATIVE_INFINITY] as const,
  ]),
]);

/** Integers are read in every base that Go supports; beyond the range of 64 bits they become floats or text. */
function numberFrom(source: string): number | undefined {
  const named = special.get(source);
  if (named !== undefined) return named;
  const text = source.replaceAll(source.startsWith('.') ? /(?<=\d)_(?=\d)/g : '_', '');
  if (integer.test(text)) {
    const digits = text.replace(/^[-+]/, '').replace(/^0(?=\d)/, '0o');
    const amount = BigInt(digits);
    if (amount < 1n << 64n) return text.startsWith('-') && amount > 0n ? -Number(amount) : Number(amount);
  }
  const amount = decimal.test(text) ? Number(text) : Number.NaN;
  return Number.isFinite(amount) ? amount : undefined;
}
