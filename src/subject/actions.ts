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

const probes = ['livenessProbe', 'readinessProbe', 'startupProbe'] as const;
const hooks = ['postStart', 'preStop'] as const;

/** The probes and hooks of a container. */
export function actionsOf({ spec, at }: ContainerView): HandlerView[] {
  const { lifecycle } = spec;
  const views: HandlerView[] = [];
  for (const field of probes) {
    const handler = spec[field];
    if (handler !== undefined) views.push({ field, handler, at: (...fields) => at(field, ...fields) });
  }
  for (const hook of hooks) {
    const handler = lifecycle?.[hook];
    if (handler === undefined) continue;
    views.push({ field: `lifecycle.${hook}`, handler, at: (...fields) => at('lifecycle', hook, ...fields) });
  }
  return views;
}
