import type { Recommendation, RecommendedContainer } from '../../audit/usage/index.ts';
import { groupOf } from '../../manifests/controller.ts';
import { builtInKinds, templatesOf } from '../../manifests/pod-template.ts';
import { segmentsOf } from '../../patch/pointer.ts';
import { printYaml } from '../../yaml/print.ts';
import { type Recommendations, resourcesOf } from './recommendation-data.ts';

/**
 * The proposals as strategic merge patches, a document per workload, for `kubectl patch` and Kustomize. Only for kinds of
 * Kubernetes, whose lists of containers are merged by name; the resources of a bare Pod cannot be patched in its spec.
 */
export function recommendationPatch({ workloads }: Recommendations): string {
  const patches = workloads.flatMap(patchOf);
  return patches.length === 0 ? '# nothing is proposed' : patches.map(printYaml).join('---\n');
}

const kinds = new Set(
  builtInKinds.flatMap(({ kind, apiVersions }) => [...apiVersions].map((each) => `${each}/${kind}`)),
);

function patchOf({ apiVersion, kind, namespace, name, containers }: Recommendation): object[] {
  const [template = ''] = kinds.has(`${apiVersion}/${kind}`) ? templatesOf(groupOf(apiVersion), kind) : [];
  const spec = specOf(containers);
  if (template === '' || Object.keys(spec).length === 0) return [];
  const body = segmentsOf(template).reduceRight<object>((inner, field) => ({ [field]: inner }), { spec });
  return [{ apiVersion, kind, metadata: { name, namespace }, ...body }];
}

/** Skips a container that is not in the template, because the patch would add it. */
function specOf(containers: readonly RecommendedContainer[]): Readonly<Record<string, readonly object[]>> {
  const patched = containers.flatMap((container) =>
    'proposal' in container && container.list !== undefined
      ? [{ list: container.list, entry: { name: container.name, resources: resourcesOf(container.proposal) } }]
      : [],
  );
  const lists = Map.groupBy(patched, ({ list }) => list);
  return Object.fromEntries([...lists].map(([list, all]) => [list, all.map(({ entry }) => entry)]));
}
