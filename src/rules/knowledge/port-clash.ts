import type { ContainerView } from '../../subject/container-view.ts';
import type { PodSubject } from '../../subject/pod-subject.ts';

/** A port that another container, or the same one, already uses. */
export interface PortClash {
  readonly container: ContainerView;
  /** The index of the port in the container. */
  readonly index: number;
  /** With its protocol: `8080/TCP`. */
  readonly port: string;
  /** The name of the container that uses it already. */
  readonly other: string;
}

/** Ports of containers that another one listens on. */
export function* containerPortClashes({ containers }: PodSubject): Generator<PortClash> {
  const withPorts = containers.filter(({ role, spec }) => role !== 'ephemeral' && (spec.ports ?? []).length > 0);
  if (withPorts.length < 2) return;
  const listeners = new Map<string, ContainerView>();
  // in the order in which they start: sidecars already listen while the init containers after them run
  for (const container of withPorts)
    for (const [index, { containerPort, protocol }] of (container.spec.ports ?? []).entries()) {
      if (!containerPort) continue;
      const port = `${containerPort}/${protocol}`;
      const other = listeners.get(port) ?? container;
      if (container.role !== 'init') listeners.set(port, other);
      if (other !== container) yield { container, index, port, other: other.name };
    }
}

const anyAddress = '0.0.0.0';

/**
 * Host ports with overlapping addresses, as the scheduler compares them. On the host network, container ports are host
 * ports.
 */
export function* hostPortClashes({ spec, running, mayHave }: PodSubject): Generator<PortClash> {
  if (spec.hostNetwork === true || !mayHave(['ContainerPort.hostPort'])) return;
  const users = new Map<string, Map<string, string>>();
  for (const container of running)
    for (const [index, { hostPort, hostIP, protocol }] of (container.spec.ports ?? []).entries()) {
      if (!hostPort) continue;
      const port = `${hostPort}/${protocol}`;
      const address = hostIP || anyAddress;
      const byAddress = users.get(port) ?? new Map<string, string>();
      users.set(port, byAddress);
      const [any] = address === anyAddress ? byAddress.values() : [];
      const other = any ?? byAddress.get(address) ?? byAddress.get(anyAddress);
      if (!byAddress.has(address)) byAddress.set(address, container.name);
      if (other !== undefined) yield { container, index, port, other };
    }
}
