import type { ContainerView } from '../subject/container-view.ts';
import { matchesGlob } from './glob.ts';

/** Names of ports that do not carry traffic: the default of the option `ignoredPorts`. */
export const ignoredPorts = ['*metrics*', '*health*', '*probe*', '*pprof*', '*prom*'] as const;

/** Whether the container declares a port for traffic: one without a name, or whose name matches no glob in `ignored`. */
export function servesTraffic({ spec }: ContainerView, ignored: readonly string[]): boolean {
  return (spec.ports ?? []).some(({ name }) => !name || !ignored.some((pattern) => matchesGlob(pattern, name)));
}
