import { type Pointer, pointer } from '../patch/pointer.ts';

/** A part of a Pod that is somewhere else in its object than the rest. */
export interface PodPart {
  /** Relative to the Pod: `/spec/containers/0`. */
  readonly inPod: Pointer;
  /** In the object: `/spec/steps/0`. */
  readonly inObject: Pointer;
}

/** Where an object keeps a Pod. */
export interface PodLocation {
  /**
   * The place of the Pod's `metadata` and `spec` in the object: empty for a Pod, `/spec/template` for a Deployment. For
   * a Pod that is assembled from parts, the object that has them.
   */
  readonly podPath: Pointer;
  /** The parts of an assembled Pod, the most specific first; absent for a template. */
  readonly parts?: readonly PodPart[];
}

/** Starts the paths of findings about the workload itself instead of its template. */
const workloadRoot = '/workload';
const belowWorkload = `${workloadRoot}/`;

/** The path of a field of the workload's spec, for a finding about the workload: `/workload/spec/strategy`. */
export const inWorkload = (...fields: readonly string[]): Pointer => pointer('workload', 'spec', ...fields);

/** Whether a finding at this path is about the workload, so that its Pods do not have it. */
export const isInWorkload = (path: Pointer): boolean => path.startsWith(belowWorkload);

/** The pointer into the object, given one into its Pod or, from `inWorkload`, into its workload. */
export function placeInObject({ podPath, parts = [] }: PodLocation, path: Pointer): Pointer {
  if (isInWorkload(path)) return path.slice(workloadRoot.length) as Pointer;
  const part = parts.find(({ inPod }) => path === inPod || path.startsWith(`${inPod}/`));
  return part === undefined ? `${podPath}${path}` : (`${part.inObject}${path.slice(part.inPod.length)}` as Pointer);
}
