import type { ConfigKind } from '../../engine/neighbors.ts';
import type { KubernetesObject } from '../../manifests/kubernetes-object.ts';
import { type Pointer, pointer, valueAt } from '../../patch/pointer.ts';

/** A ConfigMap or a Secret that is there, or that an operator creates. */
export interface Config {
  readonly kind: ConfigKind;
  readonly name: string;
}

interface ConfigSource {
  readonly kind: ConfigKind;
  /** The names of the ConfigMaps or Secrets that an object is or creates. */
  readonly namesIn: (object: KubernetesObject) => readonly unknown[];
}

/** Secrets that the object names in this place, or else one of its own name. */
const secret = (path?: Pointer): ConfigSource => ({
  kind: 'Secret',
  namesIn: ({ name, content }) => [(path && valueAt(content, path)) ?? name],
});

/** Secrets that the elements of a list name. */
const secretsIn = (list: Pointer, content: KubernetesObject['content']): unknown[] => {
  const elements = valueAt(content, list);
  return Array.isArray(elements) ? elements.map((element) => valueAt(element, '/secretName')) : [];
};

/** Annotations with which cert-manager creates the certificates that an Ingress or a Gateway names. */
const issuers: readonly Pointer[] = ['cert-manager.io/cluster-issuer', 'cert-manager.io/issuer'].map((name) =>
  pointer('metadata', 'annotations', name),
);

/** By `group/kind`, the objects that are a ConfigMap or a Secret, or from which an operator creates some. */
export const configSources: ReadonlyMap<string, ConfigSource> = new Map<string, ConfigSource>([
  ['/ConfigMap', { kind: 'ConfigMap', namesIn: ({ name }) => [name] }],
  ['/Secret', secret()],
  ['bitnami.com/SealedSecret', secret('/spec/template/metadata/name')],
  ['cert-manager.io/Certificate', secret('/spec/secretName')],
  ['external-secrets.io/ExternalSecret', secret('/spec/target/name')],
  [
    'networking.k8s.io/Ingress',
    {
      kind: 'Secret',
      namesIn: ({ content }) =>
        issuers.some((issuer) => valueAt(content, issuer) !== undefined) ? secretsIn('/spec/tls', content) : [],
    },
  ],
  ['onepassword.com/OnePasswordItem', secret()],
  [
    'postgresql.cnpg.io/Cluster',
    {
      kind: 'Secret',
      namesIn: ({ name }) => ['app', 'superuser', 'ca', 'server', 'replication'].map((use) => `${name}-${use}`),
    },
  ],
  [
    'secrets-store.csi.x-k8s.io/SecretProviderClass',
    { kind: 'Secret', namesIn: ({ content }) => secretsIn('/spec/secretObjects', content) },
  ],
  ['secrets.hashicorp.com/VaultDynamicSecret', secret('/spec/destination/name')],
  ['secrets.hashicorp.com/VaultPKISecret', secret('/spec/destination/name')],
  ['secrets.hashicorp.com/VaultStaticSecret', secret('/spec/destination/name')],
]);

/** The ConfigMaps and Secrets that an object is or creates. */
export function configsOf(object: KubernetesObject): Config[] {
  const source = configSources.get(`${object.group}/${object.kind}`);
  const names = source?.namesIn(object) ?? [];
  return source === undefined
    ? []
    : names.flatMap((name) => (typeof name === 'string' ? { kind: source.kind, name } : []));
}
