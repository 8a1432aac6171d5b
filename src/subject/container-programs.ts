import { actionsOf } from './actions.ts';
import { resolvedPort } from './container-ports.ts';
import type { ContainerView } from './container-view.ts';
import { programsOf } from './exec-command.ts';

/** The bare names of the programs that a container's command, probes and hooks run, as far as they show it. */
export function programsRunBy(container: ContainerView): string[] {
  const { command = [], args = [] } = container.spec;
  const actions = actionsOf(container).map(({ handler }) => handler.exec?.command ?? []);
  return [[...command, ...args], ...actions].flatMap(programsOf).map(({ words }) => words[0] ?? '');
}

/** The ports that a container listens on, as far as its declared ports, probes and hooks show it. */
export function portsOf(container: ContainerView): number[] {
  const { ports = [] } = container.spec;
  const asked = actionsOf(container).flatMap(({ handler }) => {
    const own = [handler.httpGet, handler.tcpSocket].filter((action) => action !== undefined && !action.host);
    const grpc = 'grpc' in handler ? handler.grpc?.port : undefined;
    return [...own.map((action) => action?.port), grpc].map((port) => resolvedPort(container.spec, port));
  });
  return [...ports.map(({ containerPort }) => containerPort), ...asked].filter((port) => port !== undefined);
}
