import type { KubernetesObject } from '../manifests/kubernetes-object.ts';
import { builtInKinds } from '../manifests/pod-template.ts';
import { decode, type TypeProblem } from '../subject/decode.ts';

/** Fields of specs of Kubernetes' own workloads. A field has the same type in all kinds that have it. */
const specFields: readonly (readonly [field: string, type: string])[] = [
  ['activeDeadlineSeconds', 'integer'],
  ['backoffLimit', 'integer'],
  ['completions', 'integer'],
  ['minReadySeconds', 'integer'],
  ['parallelism', 'integer'],
  ['paused', 'boolean'],
  ['progressDeadlineSeconds', 'integer'],
  ['replicas', 'integer'],
  ['revisionHistoryLimit', 'integer'],
  ['schedule', 'string'],
  ['serviceName', 'string'],
  ['startingDeadlineSeconds', 'integer'],
  ['suspend', 'boolean'],
  ['ttlSecondsAfterFinished', 'integer'],
];

/** The values of a workload of Kubernetes, outside its Pod, that the API server would fail to decode. */
export function typeProblemsAround({ apiVersion, kind, content }: KubernetesObject): TypeProblem[] {
  const isWorkload = builtInKinds.some((known) => known.kind === kind && known.apiVersions.has(apiVersion));
  if (kind === 'Pod' || !isWorkload) return [];
  const problems: TypeProblem[] = [];
  decode('ObjectMeta', content['metadata'], 'metadata', problems);
  const spec = content['spec'];
  if (typeof spec !== 'object' || spec === null) return problems;
  const inSpec: TypeProblem[] = [];
  const read = (field: string, type: string): unknown =>
    decode(type, (spec as Record<string, unknown>)[field], field, inSpec);
  for (const [field, type] of specFields) read(field, type);
  read('selector', kind === 'ReplicationController' ? 'string{}' : 'LabelSelector');
  return [...problems, ...inSpec.map(({ path, message }) => ({ path: `/spec${path}` as const, message }))];
}
