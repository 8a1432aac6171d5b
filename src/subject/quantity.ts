import { remembered } from './remembered.ts';

/**
 * An exact amount in billionths of the unit (the finest that Kubernetes keeps): `1` cpu, `1000m` and `1e0` are equal.
 * With floats, `0.1 + 0.2` would exceed a limit of `0.3`.
 */
export type Quantity = bigint;

/** The notation of a quantity: with `k`, `M`, …, with `Ki`, `Mi`, …, or as `1e3`. */
export type Notation = 'decimal' | 'binary' | 'exponent';

const grammar = /^([+-]?)(\d*)(?:\.(\d*))?(n|u|m|k|M|G|T|P|E|Ki|Mi|Gi|Ti|Pi|Ei|[eE][+-]?\d+)?$/;
const one = 1_000_000_000n;
const binary = ['Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'] as const;
const decimal = ['n', 'u', 'm', '', 'k', 'M', 'G', 'T', 'P', 'E'] as const;
const largestBinary = ((1n << 63n) - 1n) * one;
// The API server has no such limits; they bound the arithmetic on hostile input
const maxLength = 256;
const maxExponent = 300;

/**
 * Reads a quantity as the API server does (apimachinery `resource.ParseQuantity`), numbers included. Input that it
 * accepts as zero (`Mi`, `.`) is zero; input that it rejects (`1K`, `1MB`, ``) is undefined. Amounts finer than a
 * billionth are rounded up, away from zero; binary ones are capped at 2^63-1.
 */
export const parseQuantity = (value: unknown): Quantity | undefined => readOf(value).amount;

/** A parsed quantity. */
interface Reading {
  readonly amount: Quantity | undefined;
  readonly notation: Notation;
  readonly isPositive: boolean;
}

const noQuantity: Reading = { amount: undefined, notation: 'decimal', isPositive: false };

function readOf(value: unknown): Reading {
  if (typeof value === 'string') return readText(value);
  return typeof value === 'number' ? readText(String(value)) : noQuantity;
}

const readText = remembered((text: string): Reading => {
  const match = matchOf(text);
  if (match === null) return noQuantity;
  const amount = amountOf(match);
  return { amount, notation: notationIn(match), isPositive: isPositiveIn(match) };
});

function amountOf(match: RegExpExecArray): Quantity {
  const [, sign, whole = '', fraction = '', suffix = ''] = match;
  const digits = `${whole}${fraction}`;
  const amount = scaled(BigInt(digits || '0'), fraction.length, suffix);
  return sign === '-' ? -amount : amount;
}

/** The notation of a quantity, which the API server keeps; decimal if it is invalid. */
export const notationOf = (value: unknown): Notation => readOf(value).notation;

function notationIn([, , , , suffix = '']: RegExpExecArray): Notation {
  if (suffix.endsWith('i')) return 'binary';
  return /^[eE]./.test(suffix) ? 'exponent' : 'decimal';
}

/**
 * The canonical form (apimachinery `Quantity.String`): no fraction, and the largest suffix that is exact. Amounts that
 * a binary suffix cannot express are written in decimal: `1.2Gi` is `1288490188800m`.
 */
export function formatQuantity(amount: Quantity, notation: Notation): string {
  if (amount === 0n) return '0';
  const isWhole = amount % one === 0n;
  if (notation === 'binary' && isWhole && (amount >= 1024n * one || amount <= -1024n * one)) {
    const [mantissa, power] = reduced(amount / one, 1024n, binary.length);
    return `${mantissa}${power === 0 ? '' : binary[power - 1]}`;
  }
  const [mantissa, power] = reduced(amount, 1000n, Infinity);
  const suffix = notation === 'exponent' ? undefined : decimal[power];
  const exponent = 3 * power - 9;
  return `${mantissa}${suffix ?? (exponent === 0 ? '' : `e${exponent}`)}`;
}

/** The amount rounded up to thousandths, as the API server rounds the resources of containers and Pods. */
export function roundedToMilli(amount: Quantity): Quantity {
  const milli = one / 1000n;
  const rest = amount % milli;
  if (rest === 0n) return amount;
  return amount - rest + (amount > 0n ? milli : -milli);
}

/** Whether the API server accepts it as a quantity. */
export const isQuantity = (value: unknown): boolean => readOf(value).amount !== undefined;

/** Whether it is a quantity above zero. Kubernetes reads a `null` request as `0`, which requests nothing. */
export const isPositive = (value: unknown): boolean => readOf(value).isPositive;

function isPositiveIn([, sign, whole = '', fraction = '']: RegExpExecArray): boolean {
  return sign !== '-' && /[1-9]/.test(`${whole}${fraction}`);
}

function matchOf(given: string): RegExpExecArray | null {
  const text = given.trim();
  const match = text === '' || text.length > maxLength ? null : grammar.exec(text);
  return match !== null && isRejected(match) ? null : match;
}

/** A bare suffix is zero, but only where the API server uses its fast path. */
function isRejected([, , whole = '', fraction = '', suffix = '']: RegExpExecArray): boolean {
  return whole === '' && fraction === '' && (suffix === 'Pi' || suffix === 'Ei' || exponentOf(suffix) < -9);
}

/** The power of ten that a decimal suffix stands for. */
function exponentOf(suffix: string): number {
  const index = (decimal as readonly string[]).indexOf(suffix);
  return index === -1 ? Number(suffix.slice(1)) || 0 : 3 * index - 9;
}

function scaled(digits: bigint, fractionDigits: number, suffix: string): Quantity {
  const power = (binary as readonly string[]).indexOf(suffix) + 1;
  if (power === 0) return timesTen(digits * one, Math.min(exponentOf(suffix), maxExponent) - fractionDigits);
  const amount = timesTen((digits << (10n * BigInt(power))) * one, -fractionDigits);
  return amount > largestBinary ? largestBinary : amount;
}

/** The value times a power of ten, rounded up. */
function timesTen(value: bigint, power: number): bigint {
  if (power >= 0) return value * 10n ** BigInt(power);
  // a larger divisor gives 1 for any value as well
  const divisor = 10n ** BigInt(Math.min(-power, 2 * maxExponent));
  return (value + divisor - 1n) / divisor;
}

/** The number without trailing factors of the base, and the number of those factors. */
function reduced(value: bigint, base: bigint, limit: number): [bigint, number] {
  let mantissa = value;
  let power = 0;
  for (; power < limit && mantissa % base === 0n; power++) mantissa /= base;
  return [mantissa, power];
}
