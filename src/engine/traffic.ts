import type { ContainerView } from '../subject/container-view.ts';
import type { Container, Probe } from '../subject/pod-types.ts';
import { matchesGlob } from './glob.ts';
import type { OptionSchemas } from './options.ts';

/** Port names that are no traffic: the default of the option `ignoredPorts`. */
const portsWithoutTraffic =
  '*metrics* *prom* *exporter* *telemetry* *monitoring* *pprof* *profiling* *health* *probe* ready readyz *membership* *memberlist* admin http-admin logs'.split(
    ' ',
  );

export interface TrafficOptions {
  readonly ignoredPorts: readonly string[];
  readonly withoutPorts: boolean;
}

/** The options of rules for containers that serve traffic. */
export const trafficOptions = {
  ignoredPorts: {
    type: 'array',
    items: { type: 'string', minLength: 1 },
    default: portsWithoutTraffic,
    description: 'Names (globs) of ports without user traffic: a container with no other ports does not count.',
  },
  withoutPorts: {
    type: 'boolean',
    default: false,
    description: 'Also require it of containers that declare no port and have no probe of a port.',
  },
} as const satisfies OptionSchemas;

/** Why a Pod without a container that counts has nothing to do with a rule for traffic. */
export const noTraffic = 'no container declares a port for traffic or has a probe of a port';

/** Whether the container counts as one that serves traffic. */
export const countsAsServing = (container: ContainerView, options: TrafficOptions): boolean =>
  servesTraffic(container, options.ignoredPorts) || (options.withoutPorts && hasNoPorts(container.spec));

/**
 * Whether the container shows that it serves traffic: by a port without a name or with a name that no glob of `ignored`
 * matches, or, where it declares no port at all, by a probe of a port. Ports are declared for information only. Where
 * some are, a probe of yet another port is for the kubelet.
 */
export function servesTraffic({ spec }: ContainerView, ignored: readonly string[]): boolean {
  if (hasNoPorts(spec)) return [spec.readinessProbe, spec.livenessProbe, spec.startupProbe].some(asksPort);
  return (spec.ports ?? []).some(({ name }) => !name || !ignored.some((pattern) => matchesGlob(pattern, name)));
}

const hasNoPorts = ({ ports }: Container): boolean => (ports ?? []).length === 0;

/** Whether the kubelet asks a port of the Pod itself. */
const asksPort = (probe: Probe | undefined): boolean =>
  probe?.grpc !== undefined ||
  [probe?.httpGet, probe?.tcpSocket].some((action) => action !== undefined && !action.host);
