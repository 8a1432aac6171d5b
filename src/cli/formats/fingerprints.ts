import { getBuiltinModule } from 'node:process';
import type { AuditFinding, ReportedSubject } from '../../audit/audit-report.ts';
import { childOf, type Pointer, segmentsOf } from '../../patch/pointer.ts';

/** Gives the fingerprints of a subject's findings, in their order; subjects must come in the same order in every run. */
export type Fingerprints = (subject: ReportedSubject) => readonly string[];

/**
 * Identifies each finding of a report across runs by rule, object and field, with the names of containers and volumes,
 * so that moved lines or containers do not change it. Duplicates are numbered, as GitHub does.
 */
export function openFingerprints(): Fingerprints {
  const seen = new Map<string, number>();
  return (subject) =>
    subject.findings.map((finding) => {
      const hash = hashOf(finding, subject);
      const count = (seen.get(hash) ?? 0) + 1;
      seen.set(hash, count);
      return `${hash}:${count}`;
    });
}

function hashOf({ rule, path }: AuditFinding, { object, podPath, pod }: ReportedSubject): string {
  const group = object.apiVersion.includes('/') ? object.apiVersion.replace(/\/.*/, '') : '';
  const place = [group, object.kind, object.namespace ?? '', object.name, podPath, namedPath(pod, path)];
  // loaded on demand: it takes a tenth of the time of a small command
  const { createHash } = getBuiltinModule('node:crypto');
  return createHash('sha256')
    .update(JSON.stringify([rule.id, ...place]))
    .digest('hex')
    .slice(0, 16);
}

/** The path with the names of list elements instead of their indices. */
function namedPath(pod: unknown, path: Pointer): string[] {
  let value = pod;
  return segmentsOf(path).map((segment) => {
    const isElement = Array.isArray(value);
    value = childOf(value, segment);
    const name = isElement ? childOf(value, 'name') : undefined;
    return typeof name === 'string' ? `=${name}` : segment;
  });
}
