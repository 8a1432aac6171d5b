import type { AuditedSubject } from '../audit/audit-report.ts';
import type { KubernetesObject } from '../manifests/kubernetes-object.ts';
import type { Manifest, ManifestProblem } from '../manifests/read-manifests.ts';
import { decode } from '../subject/decode.ts';

/** The Services of the files that select no Pod of the files, while both come in. */
export interface IdleServices {
  add(subject: AuditedSubject): void;
  /** Adds the Services among manifests without Pods, of which some may become Pods with unknown labels. */
  addOthers(manifests: readonly Manifest[], mayBecomePods: (object: KubernetesObject) => boolean): void;
  /** One for each such Service, at its selector. */
  problems(): ManifestProblem[];
}

interface ReadService extends Omit<ManifestProblem, 'message'> {
  readonly name: string;
  readonly namespace: string;
  readonly keys: readonly string[];
}

/** The known facts about the Pods of a namespace. */
interface Selected {
  /** The Services that select one of them. */
  readonly services: Set<string>;
  /** The keys of their labels. */
  readonly keys: Set<string>;
}

/**
 * Collects Services and the Pods that they select. A Service counts only if the Pods of its namespace have labels with all
 * keys of its selector, because some labels, such as those for the current leader, are added to running Pods. Nothing is
 * said of a namespace with Pods that an operator completes or creates.
 */
export function openIdleServices(defaultNamespace: string): IdleServices {
  const services: ReadService[] = [];
  const selected = new Map<string, Selected>();
  const unclear = new Set<string>();
  return {
    add({ circumstances: { origin, neighbors }, evaluation: { subject }, source }) {
      const namespace = origin?.namespace.name ?? defaultNamespace;
      if (subject.owner?.isCustom === true || source.completed !== undefined) unclear.add(namespace);
      const known = selected.get(namespace) ?? { services: new Set(), keys: new Set() };
      selected.set(namespace, known);
      for (const { name } of neighbors?.servicesOf(subject) ?? []) known.services.add(name);
      for (const key of Object.keys(subject.metadata.labels ?? {})) known.keys.add(structuredClone(key));
    },
    addOthers(manifests, mayBecomePods) {
      for (const { object, file, document, path } of manifests) {
        if (mayBecomePods(object)) unclear.add(object.namespace ?? defaultNamespace);
        const keys = keysOf(object.group, object.kind, object.content['spec']);
        if (keys.length === 0) continue;
        const position = document.positionOf(`${path}/spec/selector`);
        const { name, namespace = defaultNamespace } = object;
        services.push(structuredClone({ name, namespace, keys, file, position }));
      }
    },
    problems: () =>
      services.flatMap(({ name, namespace, keys, ...place }) => {
        const known = unclear.has(namespace) ? undefined : selected.get(namespace);
        if (known === undefined || known.services.has(name) || !keys.every((key) => known.keys.has(key))) return [];
        const message = `Service ${namespace}/${name} selects none of the Pods here; correct its selector or their labels`;
        return [{ ...place, message }];
      }),
  };
}

/** The keys of a Service's selector; empty if it selects no Pods. */
function keysOf(group: string, kind: string, spec: unknown): string[] {
  if (group !== '' || kind !== 'Service') return [];
  const { type, selector = {} } = (decode('ServiceSpec', spec, 'spec', []) ?? {}) as {
    readonly type?: string;
    readonly selector?: object;
  };
  return type === 'ExternalName' ? [] : Object.keys(selector);
}
