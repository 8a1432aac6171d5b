import type { Pointer } from '../patch/pointer.ts';
import type { PodSubject } from './pod-subject.ts';

/** A place where a Pod reads a ConfigMap or a Secret. */
export interface ConfigReference {
  readonly kind: 'ConfigMap' | 'Secret';
  readonly name: string;
  /** Containers start without it as well. */
  readonly isOptional: boolean;
  readonly path: Pointer;
  /** The container that reads it; undefined for a volume. */
  readonly container: string | undefined;
}

interface Reference {
  readonly name?: string;
  readonly secretName?: string;
  readonly optional?: boolean;
}

/** The ConfigMaps and Secrets that a Pod needs to start: in volumes and in environments. */
export function* configReferences(pod: PodSubject): Generator<ConfigReference> {
  for (const [index, { configMap, secret, projected }] of (pod.spec.volumes ?? []).entries()) {
    yield* reference('ConfigMap', configMap, pod.at('volumes', index, 'configMap'));
    yield* reference('Secret', secret, pod.at('volumes', index, 'secret'));
    for (const [source, each] of (projected?.sources ?? []).entries()) {
      const path = (field: string): Pointer => pod.at('volumes', index, 'projected', 'sources', source, field);
      yield* reference('ConfigMap', each.configMap, path('configMap'));
      yield* reference('Secret', each.secret, path('secret'));
    }
  }
  for (const { name, spec, at } of pod.containers) {
    for (const [index, { configMapRef, secretRef }] of (spec.envFrom ?? []).entries()) {
      yield* reference('ConfigMap', configMapRef, at('envFrom', index, 'configMapRef'), name);
      yield* reference('Secret', secretRef, at('envFrom', index, 'secretRef'), name);
    }
    for (const [index, { valueFrom }] of (spec.env ?? []).entries()) {
      const path = (field: string): Pointer => at('env', index, 'valueFrom', field);
      yield* reference('ConfigMap', valueFrom?.configMapKeyRef, path('configMapKeyRef'), name);
      yield* reference('Secret', valueFrom?.secretKeyRef, path('secretKeyRef'), name);
    }
  }
}

function* reference(
  kind: ConfigReference['kind'],
  given: Reference | undefined,
  path: Pointer,
  container?: string,
): Generator<ConfigReference> {
  const name = given?.secretName ?? given?.name;
  if (name) yield { kind, name, isOptional: given?.optional === true, path, container };
}
