import { isRecord } from './is-record.ts';
import { podFields } from './pod-fields.ts';
import { isQuantity } from './quantity.ts';
import { type RareField, rareFields } from './rare-fields.ts';

type Check = (value: unknown, seen: Set<RareField> | undefined) => boolean;

/**
 * Whether all of the value has the named type, as is true for nearly all data from the API server: then decoding is
 * unnecessary. A `null` does not count, because decoding removes it. Rare fields that it has are added to `seen`.
 */
export function isWellTyped(type: string, value: unknown, seen?: Set<RareField>): boolean {
  return checkOf(type)(value, seen);
}

const checks = new Map<string, Check>([
  ['any', (value) => value !== null],
  ['string', (value) => typeof value === 'string'],
  ['boolean', (value) => typeof value === 'boolean'],
  ['number', (value) => typeof value === 'number'],
  ['integer', Number.isInteger],
  ['integerOrString', (value) => typeof value === 'string' || Number.isInteger(value)],
  ['quantity', isQuantity],
]);

function checkOf(type: string): Check {
  let check = checks.get(type);
  if (check === undefined) checks.set(type, (check = build(type)));
  return check;
}

function build(type: string): Check {
  if (type.endsWith('[]')) return listOf(type.slice(0, -2));
  if (type.endsWith('{}')) return mapOf(type.slice(0, -2));
  return objectOf(type);
}

/** A known field of a type. */
interface Field {
  readonly key: string;
  readonly check: Check;
  /** The field that followed it last time: objects have their fields in the same order, so most need no lookup. */
  next: Field | undefined;
}

function objectOf(type: string): Check {
  const types = new Map(Object.entries(podFields[type] ?? {}));
  const fields = new Map<string, Field>();
  const start: Field = { key: '', check: () => true, next: undefined };
  const fieldOf = (key: string): Field | undefined => {
    const fieldType = types.get(key);
    if (fieldType === undefined) return undefined;
    const field = { key, check: noting(`${type}.${key}`, checkOf(fieldType)), next: undefined };
    fields.set(key, field);
    return field;
  };
  return (value, seen) => {
    if (!isRecord(value)) return false;
    let last = start;
    for (const key in value) {
      let field = last.next;
      if (field?.key !== key) {
        field = fields.get(key) ?? fieldOf(key);
        // unknown fields are not examined, so that an attack cannot make this slower
        if (field === undefined) continue;
        last.next = field;
      }
      if (!field.check(value[key], seen)) return false;
      last = field;
    }
    return true;
  };
}

const rare = new Set<string>(rareFields);

/** The check, which for a rare field also notes that it is there. */
function noting(field: string, check: Check): Check {
  if (!rare.has(field)) return check;
  return (value, seen) => {
    seen?.add(field as RareField);
    return check(value, seen);
  };
}

function mapOf(element: string): Check {
  const check = checkOf(element);
  return (value, seen) => {
    if (!isRecord(value)) return false;
    for (const key in value) if (!check(value[key], seen)) return false;
    return true;
  };
}

function listOf(element: string): Check {
  const check = checkOf(element);
  return (value, seen) => {
    if (!Array.isArray(value)) return false;
    for (const element of value) if (!check(element, seen)) return false;
    return true;
  };
}
