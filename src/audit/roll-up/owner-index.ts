import { controllerOfObject } from '../../manifests/controller.ts';
import type { KubernetesObject } from '../../manifests/kubernetes-object.ts';
import type { OwnerReference } from '../../subject/pod-types.ts';

/** Longer than any chain that controllers create, so that a circle of references also gets an answer. */
const maxLength = 16;

/** The ownership of the objects in a namespace. */
export interface OwnerIndex {
  add(object: KubernetesObject): void;
  /** Whether the referenced object was added. */
  has(reference: OwnerReference): boolean;
  /** The top-level owner: the end of the chain of controllers, as far as their objects were added. */
  topOf(reference: OwnerReference): OwnerReference;
}

/** An index without objects. */
export function openOwnerIndex(): OwnerIndex {
  const controllers = new Map<string, OwnerReference | undefined>();
  return {
    add(object) {
      const uid = uidOf(object);
      if (uid !== '') controllers.set(uid, controllerOfObject(object));
    },
    has: ({ uid }) => controllers.has(uid),
    topOf(reference) {
      let top = reference;
      for (let length = 0; length < maxLength; length++) {
        const next = controllers.get(top.uid);
        if (next === undefined) break;
        top = next;
      }
      return top;
    },
  };
}

/** Empty for an object that was never stored. */
export function uidOf({ content }: KubernetesObject): string {
  const { uid } = Object(content['metadata']) as { readonly uid?: unknown };
  return typeof uid === 'string' ? uid : '';
}
