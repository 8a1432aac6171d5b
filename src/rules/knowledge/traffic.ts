import { matchesAnyGlob } from '../../engine/glob.ts';
import type { Neighbors, Service, ServicePort } from '../../engine/neighbors.ts';
import type { OptionSchemas } from '../../engine/options.ts';
import { quoted } from '../../engine/quoted.ts';
import type { RuleContext } from '../../engine/rule.ts';
import type { ContainerView } from '../../subject/container-view.ts';
import type { PodSubject } from '../../subject/pod-subject.ts';
import type { Container, Probe } from '../../subject/pod-types.ts';

/** Names of ports without traffic: the default of the option `ignoredPorts`. */
const portsWithoutTraffic =
  '*metrics* prom prom-* *-prom *-prom-* promhttp *prometheus* *exporter* *telemetry* *monitoring* *pprof* *profiling* *health health-* *-health-* *healthz* *healthcheck* *probe* ready readyz *membership* *memberlist* admin http-admin logs worker-logs'.split(
    ' ',
  );

export interface TrafficOptions {
  readonly ignoredPorts: readonly string[];
  readonly withoutPorts: boolean;
}

/** Whether a port has, by its name, no user traffic. */
export const isWithoutTraffic = (name: string | undefined): boolean => isIgnored(name, portsWithoutTraffic);

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
    description: 'Also require this of containers that declare no port and have no probe on a port.',
  },
} as const satisfies OptionSchemas;

/** Why a Pod without a container that counts has nothing to do with a rule for traffic. */
export function noTraffic(pod: PodSubject, { neighbors }: Pick<RuleContext, 'neighbors'>): string {
  const services = tellingServicesOf(pod, neighbors);
  if (services === undefined) return 'no container declares a port for traffic or has a probe of a port';
  return services.length === 0
    ? 'no Service of those evaluated with it selects the Pod'
    : 'its Services send it no traffic of users';
}

/** The Services that select the Pod; undefined if they are unknown or select no Pods at all. */
const tellingServicesOf = (pod: PodSubject, neighbors: Neighbors | undefined): readonly Service[] | undefined =>
  neighbors?.hasSelectingService === false ? undefined : neighbors?.servicesOf(pod);

/** How a container serves traffic, as a clause: `serves a port`, or empty if only `withoutPorts` makes it count. */
export type Serving = ReadonlyMap<ContainerView, string>;

/**
 * The running containers that count as serving traffic. If Services are known, they alone decide, because ports are declared
 * for information only.
 */
export function servingOf(
  pod: PodSubject,
  { ignoredPorts, withoutPorts }: TrafficOptions,
  { neighbors }: Pick<RuleContext, 'neighbors'>,
): Serving {
  const services = tellingServicesOf(pod, neighbors);
  const serving =
    services === undefined ? servingByPorts(pod, ignoredPorts) : servingByServices(pod, services, ignoredPorts);
  if (withoutPorts)
    for (const container of pod.running)
      if (!serving.has(container) && hasNoPorts(container.spec)) serving.set(container, '');
  return serving;
}

function servingByPorts(pod: PodSubject, ignored: readonly string[]): Map<ContainerView, string> {
  const serving = new Map<ContainerView, string>();
  for (const container of pod.running) if (servesPort(container, ignored)) serving.set(container, 'serves a port');
  return serving;
}

function servingByServices(
  pod: PodSubject,
  services: readonly Service[],
  ignored: readonly string[],
): Map<ContainerView, string> {
  const serving = new Map<ContainerView, string>();
  for (const { name, ports } of services) {
    // only a headless Service has no ports: its clients choose among those that the Pod shows
    const targets =
      ports.length === 0
        ? pod.running.filter((container) => servesPort(container, ignored))
        : ports.flatMap((port) => (isIgnored(port.name, ignored) ? [] : targetsOf(pod, port, ignored)));
    for (const container of targets)
      if (!serving.has(container)) serving.set(container, `serves Service ${quoted(name)}`);
  }
  const [how = ''] = serving.values();
  for (const container of behindSidecars(pod, serving, ignored)) serving.set(container, how);
  return serving;
}

/** The main containers that show a port, where only sidecars serve, which pass the traffic on to them. */
const behindSidecars = (pod: PodSubject, serving: Serving, ignored: readonly string[]): readonly ContainerView[] =>
  serving.size === 0 || [...serving.keys()].some(({ role }) => role === 'main')
    ? []
    : pod.running.filter((container) => container.role === 'main' && servesPort(container, ignored));

/**
 * The containers that a Service's port sends traffic to: those that declare the port. If none declares its
 * number, the Pod does not show which one listens: the main containers without ports, or all if each declares some.
 */
function targetsOf(pod: PodSubject, port: ServicePort, ignored: readonly string[]): readonly ContainerView[] {
  const declaring = pod.running.filter((container) => declaredPort(container, port) !== undefined);
  if (declaring.length > 0)
    return declaring.filter((container) => !isIgnored(declaredPort(container, port)?.name, ignored));
  if (typeof port.target === 'string') return [];
  const main = pod.running.filter(({ role }) => role === 'main');
  const silent = main.filter(({ spec }) => hasNoPorts(spec));
  return silent.length > 0 ? silent : main;
}

type ContainerPort = NonNullable<Container['ports']>[number];

/** The port of the container that a Service's port names, by name or number. */
export const declaredPort = ({ spec }: ContainerView, { target, protocol }: ServicePort): ContainerPort | undefined =>
  spec.ports?.find(
    (port) =>
      (port.protocol ?? 'TCP') === protocol && (typeof target === 'number' ? port.containerPort : port.name) === target,
  );

/**
 * Whether the container shows that it serves traffic: by a port without a name or with a name that no glob of `ignored`
 * matches, or, where it declares no port at all, by a probe of a port. Where some are declared, a probe of yet another
 * port is for the kubelet.
 */
function servesPort({ spec }: ContainerView, ignored: readonly string[]): boolean {
  if (hasNoPorts(spec)) return [spec.readinessProbe, spec.livenessProbe, spec.startupProbe].some(asksPort);
  return (spec.ports ?? []).some(({ name }) => !isIgnored(name, ignored));
}

const isIgnored = (name: string | undefined, ignored: readonly string[]): boolean =>
  name !== undefined && name !== '' && matchesAnyGlob(ignored, name);

const hasNoPorts = ({ ports }: Container): boolean => (ports ?? []).length === 0;

/** Whether the kubelet asks a port of the Pod itself. */
const asksPort = (probe: Probe | undefined): boolean =>
  probe?.grpc !== undefined ||
  [probe?.httpGet, probe?.tcpSocket].some((action) => action !== undefined && !action.host);
