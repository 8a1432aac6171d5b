import type { AuditedSubject } from '../audit/audit-report.ts';
import { canonicalJson } from '../patch/edits.ts';
import type { PatchOperation } from '../patch/json-patch.ts';
import { namedPath } from '../patch/named-path.ts';
import { childOf, segmentsOf } from '../patch/pointer.ts';

/** Whether two subjects get the same edits; elements of lists are the same if they have the same name. */
export function haveSameEdits(one: AuditedSubject, other: AuditedSubject): boolean {
  return editsOf(one).symmetricDifference(editsOf(other)).size === 0;
}

/** Whether a rendered subject needs no edits because it already has the results of those of the written one. */
export function hasEditsOf(rendered: AuditedSubject, { pod, patch }: AuditedSubject): boolean {
  return rendered.patch.length === 0 && patch.every((operation) => hasResult(rendered.pod, operation, pod));
}

const editsOf = ({ pod, patch }: AuditedSubject): Set<string> =>
  new Set(
    patch.flatMap((operation) => {
      const path = namedPath(pod, operation.path);
      const fields = operation.op === 'remove' ? [[path]] : fieldsOf(path, operation.value);
      return fields.map((field) => canonicalJson([operation.op, ...field]));
    }),
  );

/** The single fields of a value, because it may be added to an object that only one of the subjects has. */
function fieldsOf(path: string, value: unknown): (readonly [string, unknown])[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [[path, value]];
  return Object.entries(value).flatMap(([key, member]) => fieldsOf(`${path}/${key}`, member));
}

function hasResult(pod: unknown, operation: PatchOperation, written: unknown): boolean {
  let [own, other] = [written, pod];
  for (const segment of segmentsOf(operation.path)) {
    // the end of a list that grows
    if (segment === '-') return holds(other, [operation.op === 'remove' ? undefined : operation.value]);
    own = childOf(own, segment);
    const name = nameOf(own);
    other =
      Array.isArray(other) && name !== undefined
        ? other.find((each) => nameOf(each) === name)
        : childOf(other, segment);
  }
  return operation.op === 'remove' ? other === undefined : holds(other, operation.value);
}

/** Whether a value contains another: all its members, at any depth. */
function holds(value: unknown, part: unknown): boolean {
  if (typeof part !== 'object' || part === null) return value === part;
  if (Array.isArray(part))
    return Array.isArray(value) && part.every((element) => value.some((each) => holds(each, element)));
  return Object.entries(part).every(([key, member]) => holds(childOf(value, key), member));
}

const nameOf = (value: unknown): unknown => childOf(value, 'name');
