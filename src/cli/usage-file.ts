import type { AuditedSubject } from '../audit/audit-report.ts';
import { plausibleAmount } from '../audit/usage/index.ts';
import { readWhole } from '../files/read-whole.ts';
import {
  type MeasuredContainer,
  type MeasuredRequests,
  type MeasuredResource,
  requestRules,
} from '../fix/measured-requests.ts';
import { readYaml } from '../yaml/read.ts';
import { problemLine } from './audit-messages.ts';
import { counted, printable } from './output/layout.ts';

/** What `podwright recommend -o json` or `-o yaml` proposes, from its file. */
export interface UsageFile {
  readonly file: string;
  readonly requests: MeasuredRequests;
  /** A line about proposals that no container can have, which are ignored; none without such. */
  readonly ignored: readonly string[];
}

/** Of a cluster with 150,000 Pods. */
const maxBytes = 512 * 1024 * 1024;

/** The proposals in a file, or why it has none. */
export async function readUsageFile(file: string): Promise<UsageFile | { readonly problem: string }> {
  const content = await readWhole(file, { maxBytes, shellPipes: true });
  if ('problem' in content)
    return { problem: content.isMissing ? `no such file: ${file}` : `cannot read ${file}: ${content.problem}` };
  const { documents, problems } = readYaml(new TextDecoder().decode(content.bytes));
  const [first, second] = documents;
  const data =
    problems[0] !== undefined || second !== undefined
      ? { problem: problems[0]?.message ?? 'it has several documents' }
      : proposalsIn(first?.value);
  if ('problem' in data)
    return { problem: printable(`${file} was not written by podwright recommend -o json or -o yaml: ${data.problem}`) };
  const { proposals, ignored } = data;
  return {
    file,
    requests: (container, resource) => proposals.get(keyOf(container))?.requests[resource],
    ignored: ignoredLines(file, ignored),
  };
}

/** The proposal for a container, and where it is. */
interface Placed {
  readonly place: string;
  readonly apiVersion: unknown;
  readonly requests: Readonly<Partial<Record<MeasuredResource, string>>>;
}

interface Proposals {
  readonly proposals: ReadonlyMap<string, Placed>;
  /** The values that no container can have, in words. */
  readonly ignored: readonly string[];
}

interface WrittenWorkload {
  readonly apiVersion?: unknown;
  readonly namespace: string;
  readonly kind: string;
  readonly name: string;
  readonly containers: readonly WrittenContainer[];
}

interface WrittenContainer {
  readonly name: string;
  readonly proposed?: { readonly requests?: Readonly<Partial<Record<MeasuredResource, unknown>>> | null } | null;
}

function proposalsIn(data: unknown): Proposals | { readonly problem: string } {
  const { version, workloads } = Object(data) as { readonly version?: unknown; readonly workloads?: unknown };
  if (!Array.isArray(workloads)) return { problem: 'it has no list of workloads' };
  if (version !== 1) return { problem: `its version is ${JSON.stringify(version)}; this podwright reads version 1` };
  const proposals = new Map<string, Placed>();
  const ignored: string[] = [];
  for (const [index, workload] of workloads.entries()) {
    if (!isWorkload(workload)) return { problem: `workloads[${index}] is not a workload` };
    for (const [at, container] of workload.containers.entries()) {
      const place = `workloads[${index}].containers[${at}]`;
      const key = keyOf({ ...workload, workload: workload.name, container: container.name });
      const earlier = proposals.get(key);
      const { apiVersion } = workload;
      if (earlier !== undefined && earlier.apiVersion === apiVersion)
        return { problem: `${earlier.place} and ${place} are both ${titleOf(workload, container)}` };
      // kinds of two groups that share a name cannot be told apart by the owners of Pods
      const requests = earlier === undefined ? requestsOf(workload, container, ignored) : {};
      proposals.set(key, { place, apiVersion, requests });
    }
  }
  return { proposals, ignored };
}

function isWorkload(value: unknown): value is WrittenWorkload {
  const { namespace, kind, name, containers } = Object(value) as Partial<WrittenWorkload>;
  return (
    [namespace, kind, name].every((each) => typeof each === 'string') &&
    Array.isArray(containers) &&
    containers.every((each: unknown) => typeof Object(each).name === 'string')
  );
}

function requestsOf(workload: WrittenWorkload, container: WrittenContainer, ignored: string[]): Placed['requests'] {
  const { requests } = container.proposed ?? {};
  const usable = (['cpu', 'memory'] as const).flatMap((resource) => {
    const value = requests?.[resource];
    if (value === undefined || value === null) return [];
    if (plausibleAmount(resource, value) !== undefined) return [[resource, String(value)] as const];
    ignored.push(`${JSON.stringify(value)} as the ${resource} of ${titleOf(workload, container)}`);
    return [];
  });
  return Object.fromEntries(usable);
}

const titleOf = ({ kind, namespace, name }: WrittenWorkload, container: WrittenContainer): string =>
  `container ${JSON.stringify(container.name)} of ${kind} ${namespace}/${name}`;

function ignoredLines(file: string, ignored: readonly string[]): string[] {
  if (ignored.length === 0) return [];
  const proposals = `${counted(ignored.length, 'proposal')} that no container can have`;
  return [printable(`${file}: ignored ${proposals}, such as ${ignored[0]}`)];
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
