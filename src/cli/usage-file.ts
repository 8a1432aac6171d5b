import type { AuditedSubject } from '../audit/audit-report.ts';
import { readWhole } from '../files/read-whole.ts';
import { type MeasuredContainer, type MeasuredRequests, requestRules } from '../fix/measured-requests.ts';
import { isPositive } from '../subject/quantity.ts';
import { problemLine } from './audit-messages.ts';

/** The proposals of `podwright recommend -o json`, from its file. */
export interface UsageFile {
  readonly file: string;
  readonly requests: MeasuredRequests;
}

/** Of a cluster with 150,000 Pods. */
const maxBytes = 512 * 1024 * 1024;

/** The proposals in a file, or why it has none. */
export async function readUsageFile(file: string): Promise<UsageFile | { readonly problem: string }> {
  const content = await readWhole(file, { maxBytes, shellPipes: true });
  if ('problem' in content)
    return { problem: content.isMissing ? `no such file: ${file}` : `cannot read ${file}: ${content.problem}` };
  const proposals = new Map<string, Proposed>();
  try {
    for (const workload of workloadsIn(JSON.parse(new TextDecoder().decode(content.bytes))))
      for (const { name: container, proposed } of workload.containers)
        if (proposed !== null && proposed !== undefined)
          proposals.set(
            keyOf({ ...workload, workload: workload.name, container }),
            checked(proposed, workload, container),
          );
  } catch (error) {
    return { problem: `${file} was not written by podwright recommend -o json: ${(error as Error).message}` };
  }
  return { file, requests: (container, resource) => proposals.get(keyOf(container))?.requests[resource] };
}

interface Proposed {
  readonly requests: { readonly cpu: string; readonly memory: string };
}

interface WrittenWorkload {
  readonly namespace: string;
  readonly kind: string;
  readonly name: string;
  readonly containers: readonly { readonly name: string; readonly proposed?: Proposed | null }[];
}

function workloadsIn(data: unknown): readonly WrittenWorkload[] {
  const { version, workloads } = Object(data) as { readonly version?: unknown; readonly workloads?: unknown };
  if (!Array.isArray(workloads)) throw new Error('it has no list of workloads');
  if (version !== 1) throw new Error(`its version is ${JSON.stringify(version)}; this podwright reads version 1`);
  const wrong = workloads.findIndex((each: unknown) => !isWorkload(each));
  if (wrong !== -1) throw new Error(`workloads[${wrong}] is not a workload`);
  return workloads as readonly WrittenWorkload[];
}

function isWorkload(value: unknown): boolean {
  const { namespace, kind, name, containers } = Object(value) as Partial<WrittenWorkload>;
  return (
    [namespace, kind, name].every((each) => typeof each === 'string') &&
    Array.isArray(containers) &&
    containers.every((each: unknown) => typeof Object(each).name === 'string')
  );
}

function checked(proposed: Proposed, { kind, namespace, name }: WrittenWorkload, container: string): Proposed {
  const { cpu, memory } = Object(proposed.requests) as Partial<Proposed['requests']>;
  for (const value of [cpu, memory])
    if (!isPositive(value))
      throw new Error(
        `${kind} ${namespace}/${name}, ${container}: ${JSON.stringify(value)} is not a quantity above zero`,
      );
  return proposed;
}

const keyOf = ({ namespace, kind, workload, container }: MeasuredContainer): string =>
  `${namespace}/${kind}/${workload}/${container}`;

/** The containers without a request that have no proposal in the file, a line per subject. */
export function unmeasuredLines(subjects: readonly AuditedSubject[], { file, requests }: UsageFile): string[] {
  return subjects.flatMap(({ object, findings, manifest, position, circumstances }) => {
    const unmeasured = findings.filter(({ rule, container = '' }) => {
      const resource = requestRules.get(rule.id);
      const namespace = circumstances.origin?.namespace.name ?? '';
      const { kind, name: workload } = object;
      return resource !== undefined && requests({ namespace, kind, workload, container }, resource) === undefined;
    });
    const names = [...new Set(unmeasured.map(({ container }) => JSON.stringify(container)))];
    if (names.length === 0) return [];
    const message = `${file} proposes nothing for container ${names.join(', ')}; what the policy says applies`;
    return [problemLine({ file: manifest?.file ?? '', position, message })];
  });
}
