import type { KubernetesObject } from '../../manifests/kubernetes-object.ts';

/** Finds the objects that Pods belonged to which no longer exist, by the names that controllers give to Pods. */
export interface FormerPods<Owner> {
  /** Adds an object whose Pods belong to the owner. */
  add(object: KubernetesObject, owner: Owner): void;
  /** The owner of the Pod; undefined if its name fits no object, or objects of several owners. */
  ownerOf(pod: string): Owner | undefined;
}

// apimachinery `rand.SafeEncodeString`: no vowels, so neither hashes nor suffixes look like words
const letters = '[bcdfghjklmnpqrstvwxz2456789]';

/** The part of the names of Pods after the name of the object, by its kind. */
const namings: readonly { readonly suffix: RegExp; readonly kinds: ReadonlySet<string> }[] = [
  {
    suffix: new RegExp(`-${letters}{5}$`),
    kinds: new Set(['ReplicaSet', 'DaemonSet', 'ReplicationController', 'Job']),
  },
  { suffix: new RegExp(`-${letters}{1,10}-${letters}{5}$`), kinds: new Set(['Deployment']) },
  { suffix: /-\d+$/, kinds: new Set(['StatefulSet']) },
  { suffix: new RegExp(`-\\d+-${letters}{5}$`), kinds: new Set(['Job', 'CronJob']) },
];

export function openFormerPods<Owner>(): FormerPods<Owner> {
  const owners = new Map<string, Set<Owner>>();
  return {
    add({ kind, name }, owner) {
      const key = `${kind}/${name}`;
      owners.set(key, (owners.get(key) ?? new Set<Owner>()).add(owner));
    },
    ownerOf(pod) {
      const found = namings.flatMap(({ suffix, kinds }) => {
        const name = pod.replace(suffix, '');
        return name === pod ? [] : [...kinds].flatMap((kind) => [...(owners.get(`${kind}/${name}`) ?? [])]);
      });
      const [owner, ...others] = new Set(found);
      return others.length === 0 ? owner : undefined;
    },
  };
}
