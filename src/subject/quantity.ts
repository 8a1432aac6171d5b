/**
 * An exact amount in billionths of the unit (the finest that Kubernetes keeps): `1` cpu, `1000m` and `1e0` are equal.
 * Floats would make `0.1 + 0.2` exceed a limit of `0.3`.
 */
export type Quantity = bigint;

const grammar = /^([+-]?)(\d*)(?:\.(\d*))?(n|u|m|k|M|G|T|P|E|Ki|Mi|Gi|Ti|Pi|Ei|[eE][+-]?\d+)?$/;
const maxLength = 64;
const one = 1_000_000_000n;
const binary: Readonly<Record<string, bigint>> = { Ki: 10n, Mi: 20n, Gi: 30n, Ti: 40n, Pi: 50n, Ei: 60n };
const decimal: Readonly<Record<string, number>> = { n: -9, u: -6, m: -3, k: 3, M: 6, G: 9, T: 12, P: 15, E: 18 };

/**
 * Reads a quantity as the API server does (apimachinery `resource.ParseQuantity`), numbers included. What it accepts
 * and reads as zero (`Mi`, `.`) is zero here; what it refuses (`1K`, `1MB`, ``) is undefined. Amounts finer than a
 * billionth are rounded up, away from zero.
 */
export function parseQuantity(value: unknown): Quantity | undefined {
  const match = matched(value);
  if (match === undefined) return undefined;
  const [, sign, whole = '', fraction = '', suffix = ''] = match;
  const digits = BigInt(`${whole}${fraction}` || '0');
  const amount = scaled(digits, fraction.length, suffix);
  return amount === undefined || sign !== '-' ? amount : -amount;
}

function scaled(digits: bigint, fractionDigits: number, suffix: string): Quantity | undefined {
  const exponent = binary[suffix] === undefined ? (decimal[suffix] ?? Number(suffix.slice(1) || 0)) : 0;
  // far beyond what the API server keeps (it caps at 2^63)
  if (Math.abs(exponent) > 64) return digits === 0n ? 0n : undefined;
  const numerator = digits * one * (binary[suffix] === undefined ? 1n : 1n << binary[suffix]);
  const shift = exponent - fractionDigits;
  if (shift >= 0) return numerator * 10n ** BigInt(shift);
  const divisor = 10n ** BigInt(-shift);
  return (numerator + divisor - 1n) / divisor;
}

/** Whether the API server accepts it as a quantity. */
export function isQuantity(value: unknown): boolean {
  return matched(value) !== undefined;
}

/** Whether it is a quantity above zero. Kubernetes reads a `null` request as `0`, which requests nothing. */
export function isPositive(value: unknown): boolean {
  const [, sign, whole = '', fraction = ''] = matched(value) ?? [];
  return sign !== '-' && /[1-9]/.test(`${whole}${fraction}`);
}

function matched(value: unknown): RegExpExecArray | undefined {
  if (typeof value !== 'string' && typeof value !== 'number') return undefined;
  const text = String(value).trim();
  return text === '' || text.length > maxLength ? undefined : (grammar.exec(text) ?? undefined);
}
