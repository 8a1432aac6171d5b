import { type AuditedSubject, type AuditFinding, type AuditInput, auditObject } from '../audit/audit-report.ts';
import {
  addSurrounding,
  type GatheredCluster,
  isSurrounding,
  type KnownCluster,
  surroundingKinds,
} from '../audit/surroundings.ts';
import { isDenied, isLeft } from '../engine/fate.ts';
import type { Policy } from '../engine/policy.ts';
import { objectsAmong } from '../manifests/read-manifests.ts';
import type { OpenedSources } from '../manifests/read-sources.ts';
import type { ChangedSources } from './changed-sources.ts';

/** The surroundings of the input, and those before the change if any of them may have changed. */
export interface BeforeAndAfter {
  readonly after: KnownCluster;
  readonly before: KnownCluster | undefined;
}

/** Gathers the surroundings from the objects of the input. For rendered sources those before the change are unknown. */
export async function gatheredSurroundings(
  sources: OpenedSources,
  gather: () => GatheredCluster,
  changed: ChangedSources | undefined,
): Promise<BeforeAndAfter> {
  const [after, before] = [gather(), gather()];
  let isAnyChanged = false;
  for await (const { object, source } of sources.objectsNear(surroundingKinds)) {
    addSurrounding(after, object);
    if (changed === undefined || !isSurrounding(object)) continue;
    if (await changed.isChanged(source)) isAnyChanged = true;
    else addSurrounding(before, object);
  }
  if (changed === undefined) return { after, before: undefined };
  const mayHold = (text: string): boolean => surroundingKinds.test(text);
  for await (const text of changed.textsBefore())
    for (const object of objectsAmong(text, mayHold)) {
      isAnyChanged ||= isSurrounding(object);
      addSurrounding(before, object);
    }
  return { after, before: isAnyChanged ? before : undefined };
}

/** The subjects of an object with a finding that they did not have in their earlier surroundings. */
export function newlyFoundIn(
  input: AuditInput,
  policy: Policy,
  { after, before }: { readonly after: KnownCluster; readonly before: KnownCluster },
): AuditedSubject[] {
  const earlier = new Set(auditObject(input, policy, before).flatMap(({ findings }) => findings.map(identityOf)));
  return auditObject(input, policy, after).filter(({ findings }) =>
    findings.some((finding) => isLeft(finding) && !earlier.has(identityOf(finding))),
  );
}

const identityOf = (finding: AuditFinding): string =>
  [finding.rule.id, finding.objectPath, finding.message, finding.mode, isLeft(finding), isDenied(finding)].join('\n');
