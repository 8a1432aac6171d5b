import type { V1Secret } from '@kubernetes/client-node';
import type { ObjectNames } from './cluster-objects.ts';
import { type WatchedObject, type WatchOptions, watchObject } from './watch-object.ts';
import {
  type ConfigurationKind,
  configurationKinds,
  listConfigurations,
  pathOf,
  resourceOf,
  type WebhookConfiguration,
} from './webhook-configuration.ts';

/** The objects that a certificate lives in, as they are now as far as is known. */
export interface WatchedObjects {
  readonly secret: WatchedObject<V1Secret>;
  readonly configurations: readonly {
    readonly kind: ConfigurationKind;
    readonly watch: WatchedObject<WebhookConfiguration>;
  }[];
  close(): void;
}

type Shared = Pick<WatchOptions<V1Secret>, 'connection' | 'metrics' | 'log' | 'onChange'>;

export function watchObjects({ names, ...shared }: Shared & { readonly names: ObjectNames }): WatchedObjects {
  const { namespace } = names;
  const secret = watchObject<V1Secret>({
    ...shared,
    resource: 'secrets',
    name: names.secret,
    path: `/api/v1/namespaces/${namespace}/secrets`,
    list: ({ core }, fieldSelector) => core.listNamespacedSecret({ namespace, fieldSelector }),
  });
  const configurations = configurationKinds.map((kind) => ({
    kind,
    watch: watchObject<WebhookConfiguration>({
      ...shared,
      resource: resourceOf(kind),
      name: names.webhookConfiguration,
      path: pathOf(kind),
      list: (from, fieldSelector) => listConfigurations(from, kind, fieldSelector),
    }),
  }));
  return {
    secret,
    configurations,
    close() {
      for (const watch of [secret, ...configurations.map(({ watch }) => watch)]) watch.close();
    },
  };
}
