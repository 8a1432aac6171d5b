import { type Pointer, pointer } from '../patch/pointer.ts';
import { podFields } from './pod-fields.ts';
import { isQuantity } from './quantity.ts';
import { type RareField, rareFields } from './rare-fields.ts';
import { isWellTyped } from './well-typed.ts';

/** A value that the API server would fail to decode. */
export interface TypeProblem {
  readonly path: Pointer;
  /** The actual and the expected type: `is a string; it must be a boolean`. */
  readonly message: string;
}

/** Keys and indices down to the value; one list for the whole walk, so that a valid object needs no strings. */
type Trail = (string | number)[];
type Decoder = (value: unknown, trail: Trail, problems: TypeProblem[]) => unknown;

/**
 * The value as the API server decodes it into the named type: `null` counts as absent, and values of a wrong type are
 * reported and omitted. Unknown fields are kept but never read. Valid parts are shared instead of copied, so decoding
 * an object from the API server only takes one walk. Rare fields that it may have are added to `rare`.
 */
export function decode(
  type: string,
  value: unknown,
  field: string,
  problems: TypeProblem[],
  rare?: Set<RareField>,
): unknown {
  if (isWellTyped(type, value, rare)) return value;
  // the walk has ended early
  for (const unseen of rareFields) rare?.add(unseen);
  return decoderOf(type)(value, [field], problems);
}

const decoders = new Map<string, Decoder>([
  ['any', (value) => value ?? undefined],
  ['string', scalar('a string', (value) => typeof value === 'string')],
  ['boolean', scalar('a boolean', (value) => typeof value === 'boolean')],
  ['number', scalar('a number', (value) => typeof value === 'number')],
  ['integer', scalar('an integer', (value) => Number.isInteger(value))],
  [
    'integerOrString',
    scalar('an integer or a string', (value) => typeof value === 'string' || Number.isInteger(value)),
  ],
  ['quantity', scalar('a quantity such as 100m or 128Mi', isQuantity)],
]);

function decoderOf(type: string): Decoder {
  let decoder = decoders.get(type);
  if (decoder === undefined) decoders.set(type, (decoder = buildDecoder(type)));
  return decoder;
}

function buildDecoder(type: string): Decoder {
  if (type.endsWith('[]')) return listOf(type.slice(0, -2));
  if (type.endsWith('{}')) return mapOf(type.slice(0, -2));
  return objectOf(type);
}

function scalar(wanted: string, fits: (value: unknown) => boolean): Decoder {
  return (value, trail, problems) => {
    if (value === undefined || value === null) return undefined;
    if (fits(value)) return value;
    report(value, wanted, trail, problems);
    return undefined;
  };
}

function objectOf(type: string): Decoder {
  const fields = new Map(Object.entries(podFields[type] ?? {}));
  const members = new Map<string, Decoder>();
  return (value, trail, problems) => {
    const object = expectObject(value, trail, problems);
    if (object === undefined) return undefined;
    return decodeMembers(object, trail, problems, (key) => {
      const fieldType = fields.get(key);
      if (fieldType === undefined) return undefined;
      let member = members.get(key);
      if (member === undefined) members.set(key, (member = decoderOf(fieldType)));
      return member;
    });
  };
}

function mapOf(element: string): Decoder {
  const decodeElement = decoderOf(element);
  // Go decodes a null in a map as the zero value of its element: a null request is a request of 0
  const decoder: Decoder =
    element === 'quantity'
      ? (value, trail, problems) => (value === null ? '0' : decodeElement(value, trail, problems))
      : decodeElement;
  return (value, trail, problems) => {
    const object = expectObject(value, trail, problems);
    return object && decodeMembers(object, trail, problems, () => decoder);
  };
}

function listOf(element: string): Decoder {
  const decodeElement = decoderOf(element);
  const missing = podFields[element] === undefined ? '' : {};
  return (value, trail, problems) => {
    if (value === undefined || value === null) return undefined;
    if (!Array.isArray(value)) {
      report(value, 'a list', trail, problems);
      return undefined;
    }
    let copy: unknown[] | undefined;
    for (let index = 0; index < value.length; index++) {
      trail.push(index);
      const decoded = decodeElement(value[index], trail, problems) ?? missing;
      trail.pop();
      if (decoded !== value[index]) (copy ??= [...value])[index] = decoded;
    }
    return copy ?? value;
  };
}

function decodeMembers(
  object: Record<string, unknown>,
  trail: Trail,
  problems: TypeProblem[],
  decoderFor: (key: string) => Decoder | undefined,
): Record<string, unknown> {
  let copy: Record<string, unknown> | undefined;
  for (const key of Object.keys(object)) {
    const decoder = decoderFor(key);
    if (decoder === undefined) continue;
    const value = object[key];
    trail.push(key);
    const decoded = decoder(value, trail, problems);
    trail.pop();
    if (decoded === value) continue;
    copy ??= { ...object };
    if (decoded === undefined) delete copy[key];
    else copy[key] = decoded;
  }
  return copy ?? object;
}

function expectObject(value: unknown, trail: Trail, problems: TypeProblem[]): Record<string, unknown> | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'object' && !Array.isArray(value)) return value as Record<string, unknown>;
  report(value, 'an object', trail, problems);
  return undefined;
}

/** How many problems are reported; the API server reports only one. */
const mostProblems = 100;

function report(value: unknown, wanted: string, trail: Trail, problems: TypeProblem[]): void {
  if (problems.length === mostProblems) return;
  problems.push({ path: pointer(...trail), message: `is ${nameOf(value)}; it must be ${wanted}` });
}

function nameOf(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}
