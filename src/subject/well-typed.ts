import { isRecord } from './is-record.ts';
import { podFields } from './pod-fields.ts';
import { isQuantity } from './quantity.ts';

type Check = (value: unknown) => boolean;

/**
 * Whether all of the value has the named type, as is true for nearly all data from the API server: then decoding is
 * unnecessary. A `null` does not count, because decoding removes it.
 */
export function isWellTyped(type: string, value: unknown): boolean {
  return checkOf(type)(value);
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

function objectOf(type: string): Check {
  const fields = new Map(Object.entries(podFields[type] ?? {}));
  const members = new Map<string, Check>();
  const memberOf = (key: string): Check => {
    const fieldType = fields.get(key);
    const member = fieldType === undefined ? undefined : checkOf(fieldType);
    // unknown fields are not examined, so that an attack cannot make this slower
    if (member !== undefined) members.set(key, member);
    return member ?? unknownField;
  };
  return (value) => {
    if (!isRecord(value)) return false;
    for (const key in value) if (!(members.get(key) ?? memberOf(key))(value[key])) return false;
    return true;
  };
}

const unknownField: Check = () => true;

function mapOf(element: string): Check {
  const check = checkOf(element);
  return (value) => {
    if (!isRecord(value)) return false;
    for (const key in value) if (!check(value[key])) return false;
    return true;
  };
}

function listOf(element: string): Check {
  const check = checkOf(element);
  return (value) => Array.isArray(value) && value.every(check);
}
