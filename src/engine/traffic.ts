import type { ContainerView } from '../subject/container-view.ts';
import { matchesGlob } from './glob.ts';

/** Port names that are no traffic: the default of the option `ignoredPorts`. */
export const ignoredPorts = ['*metrics*', '*health*', '*probe*', '*pprof*', '*prom*'] as const;

/** Whether the container declares a port for traffic: one without a name or with a name that no glob of `ignored` matches. */
export function servesTraffic({ spec }: ContainerView, ignored: readonly string[]): boolean {
  return (spec.ports ?? []).some(({ name }) => !name || !ignored.some((pattern) => matchesGlob(pattern, name)));
}
