import type { Pointer } from '../patch/pointer.ts';

/** Facts that the spec of a Pod does not show. */
export interface PodNature {
  /** It runs to completion, under any restart policy. */
  readonly endsByItself?: true;
  /** `{{…}}` and `$(…)` in its values are replaced before there is a Pod. */
  readonly hasPlaceholders?: true;
}

/** A complete or partial Pod template. In patterns, `*` is every element of a list or value of a map. */
export interface TemplatePlace extends PodNature {
  /** The pattern of the objects with the Pod's `metadata` and `spec`. */
  readonly template: Pointer;
  /** The fields that the operator adds to it, by name, or anything. */
  readonly completed?: 'anywhere' | readonly string[];
}

/** A Pod whose containers and fields are not in a template. */
export interface AssembledPlace extends PodNature {
  /** The pattern of the objects that each become one Pod. */
  readonly object: Pointer;
  /** Patterns below the object. */
  readonly containers?: readonly Pointer[];
  readonly initContainers?: readonly Pointer[];
  readonly metadata?: Pointer;
  /** Objects below it with fields of the Pod's spec, the decisive first. */
  readonly fields?: readonly Pointer[];
  /** Further fields of the Pod's spec, by their names there. */
  readonly renamed?: Readonly<Record<string, Pointer>>;
  /** Objects elsewhere with fields that apply unless the object has its own. */
  readonly shared?: readonly Pointer[];
  /** The name of a container that has none. */
  readonly unnamed?: string;
  /** Fields of the Pod's spec whose default the operator's own containers in the Pod need. */
  readonly needed?: readonly string[];
  /** The operator may add anything: always, or if the object or a shared one has one of these fields. */
  readonly completed?: 'anywhere' | { readonly by: readonly string[] };
}

export type PodPlace = TemplatePlace | AssembledPlace;

/** Group → kind → the places of its Pods. */
export type PodPlaces = Readonly<Record<string, Readonly<Record<string, readonly PodPlace[]>>>>;
