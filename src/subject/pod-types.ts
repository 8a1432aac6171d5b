import type {
  V1Container,
  V1EphemeralContainer,
  V1LifecycleHandler,
  V1PodSpec,
  V1Probe,
  V1ResourceRequirements,
  V1SecurityContext,
  V1Volume,
  V1VolumeMount,
} from '@kubernetes/client-node';

/** The type with every property, at any depth, read-only. */
export type DeepReadonly<T> = T extends (infer Element)[]
  ? readonly DeepReadonly<Element>[]
  : T extends object
    ? { readonly [Key in keyof T]: DeepReadonly<T[Key]> }
    : T;

/** The types of `core/v1` as the API server decodes them; read-only, because an object from a request is shared. */
export type PodSpec = DeepReadonly<V1PodSpec>;
/** A container of any role; ephemeral ones have no ports, probes, lifecycle or resources. */
export type Container = DeepReadonly<V1Container> & Pick<DeepReadonly<V1EphemeralContainer>, 'targetContainerName'>;
export type SecurityContext = DeepReadonly<V1SecurityContext>;
export type Resources = DeepReadonly<V1ResourceRequirements>;
export type Volume = DeepReadonly<V1Volume>;
export type VolumeMount = DeepReadonly<V1VolumeMount>;
export type Probe = DeepReadonly<V1Probe>;
export type LifecycleHandler = DeepReadonly<V1LifecycleHandler>;

/** The fields of an object's metadata that are read. */
export interface PodMetadata {
  readonly name?: string;
  readonly generateName?: string;
  readonly namespace?: string;
  /** Unset before the object is stored. */
  readonly uid?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly ownerReferences?: readonly OwnerReference[];
  readonly deletionTimestamp?: string;
}

/** A reference in `metadata.ownerReferences` (`meta/v1`, OwnerReference). */
export interface OwnerReference {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly uid: string;
  readonly controller?: boolean;
}
