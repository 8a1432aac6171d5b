import type { ConfigKind } from '../engine/neighbors.ts';
import type { KubernetesObject } from '../manifests/kubernetes-object.ts';
import { type Pointer, valueAt } from '../patch/pointer.ts';

/** A ConfigMap or a Secret that is there, or that an operator creates. */
export interface Config {
  readonly kind: ConfigKind;
  readonly name: string;
}

interface ConfigSource {
  readonly kind: ConfigKind;
  /** Where the object names what it creates, the decisive first; its own name if it names nothing. */
  readonly names: readonly Pointer[];
}

const secret = (...names: readonly Pointer[]): ConfigSource => ({ kind: 'Secret', names });

/** By `group/kind`, the objects that are a ConfigMap or a Secret, or from which an operator creates one. */
export const configSources: ReadonlyMap<string, ConfigSource> = new Map([
  ['/ConfigMap', { kind: 'ConfigMap', names: [] }],
  ['/Secret', secret()],
  ['bitnami.com/SealedSecret', secret('/spec/template/metadata/name')],
  ['cert-manager.io/Certificate', secret('/spec/secretName')],
  ['external-secrets.io/ExternalSecret', secret('/spec/target/name')],
  ['onepassword.com/OnePasswordItem', secret()],
  ['secrets.hashicorp.com/VaultDynamicSecret', secret('/spec/destination/name')],
  ['secrets.hashicorp.com/VaultPKISecret', secret('/spec/destination/name')],
  ['secrets.hashicorp.com/VaultStaticSecret', secret('/spec/destination/name')],
]);

/** The ConfigMap or Secret that an object is or creates; undefined for other objects. */
export function configOf({ group, kind, name, content }: KubernetesObject): Config | undefined {
  const source = configSources.get(`${group}/${kind}`);
  if (source === undefined) return undefined;
  const named = source.names.map((path) => valueAt(content, path)).find((value) => typeof value === 'string');
  return { kind: source.kind, name: named ?? name };
}
