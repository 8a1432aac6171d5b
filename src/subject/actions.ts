import type { Pointer } from '../patch/pointer.ts';
import type { ContainerView } from './container-view.ts';
import type { LifecycleHandler, Probe } from './pod-types.ts';

/** One probe or hook of a container, with its location. */
export interface HandlerView {
  /** The field's dotted path in the container: `livenessProbe`, `lifecycle.preStop`. */
  readonly field: string;
  readonly handler: Probe | LifecycleHandler;
  /** The pointer to a field below the probe or hook. */
  at(...fields: (string | number)[]): Pointer;
}

const places = [
  ['livenessProbe'],
  ['readinessProbe'],
  ['startupProbe'],
  ['lifecycle', 'postStart'],
  ['lifecycle', 'preStop'],
] as const;

/** The probes and hooks of a container. */
export function actionsOf({ spec, at }: ContainerView): HandlerView[] {
  return places.flatMap((place) => {
    const handler = place.length === 1 ? spec[place[0]] : spec.lifecycle?.[place[1]];
    if (handler === undefined) return [];
    return [{ field: place.join('.'), handler, at: (...fields: (string | number)[]) => at(...place, ...fields) }];
  });
}
