import { defaultPullPolicy } from './image.ts';
import type { Container, LifecycleHandler, PodSpec, Probe, Resources, Volume } from './pod-types.ts';
import { aggregated, formatAmount, isPodLevelResource } from './resources.ts';

/**
 * The spec with the API server's defaults (`pkg/apis/core/v1/defaults.go`, as far as rules read them), so that a raw
 * manifest, a template and the admitted Pod get one verdict. Pod-only defaults are included, because a template is
 * evaluated as the Pod that it becomes. Complete parts are shared with the input.
 */
export function withDefaults(spec: PodSpec): PodSpec {
  const { hostNetwork = false, terminationGracePeriodSeconds = 30 } = spec;
  const containers = map(spec.containers ?? [], (container) => ofContainer(container, hostNetwork));
  const initContainers =
    spec.initContainers && map(spec.initContainers, (container) => ofContainer(container, hostNetwork));
  return replace(spec, {
    restartPolicy: spec.restartPolicy ?? 'Always',
    securityContext: spec.securityContext ?? {},
    // conversion of a Pod turns a negative grace period into 1
    terminationGracePeriodSeconds: terminationGracePeriodSeconds < 0 ? 1 : terminationGracePeriodSeconds,
    containers,
    initContainers,
    ephemeralContainers: spec.ephemeralContainers && map(spec.ephemeralContainers, withPullPolicy),
    volumes: spec.volumes && map(spec.volumes, ofVolume),
    resources: ofPodResources(spec.resources, { containers, ...(initContainers && { initContainers }) }),
  });
}

function ofContainer(container: Container, hostNetwork: boolean): Container {
  return withPullPolicy(
    replace(container, {
      resources: requestsFromLimits(container.resources),
      ports: container.ports && map(container.ports, (port) => ofPort(port, hostNetwork)),
      livenessProbe: container.livenessProbe && ofProbe(container.livenessProbe),
      readinessProbe: container.readinessProbe && ofProbe(container.readinessProbe),
      startupProbe: container.startupProbe && ofProbe(container.startupProbe),
      lifecycle: container.lifecycle && ofLifecycle(container.lifecycle),
    }),
  );
}

function withPullPolicy<C extends { readonly image?: string; readonly imagePullPolicy?: string }>(container: C): C {
  if (container.imagePullPolicy !== undefined && container.imagePullPolicy !== '') return container;
  return { ...container, imagePullPolicy: defaultPullPolicy(container.image ?? '') };
}

function requestsFromLimits(resources: Resources | undefined): Resources | undefined {
  if (resources?.limits === undefined) return resources;
  return replace(resources, { requests: filled(resources.requests, resources.limits) });
}

function ofPort(port: NonNullable<Container['ports']>[number], hostNetwork: boolean) {
  const protocol = port.protocol || 'TCP';
  return replace(port, { protocol, hostPort: hostNetwork && !port.hostPort ? port.containerPort : port.hostPort });
}

function ofProbe(probe: Probe): Probe {
  return replace(probe, {
    timeoutSeconds: probe.timeoutSeconds || 1,
    periodSeconds: probe.periodSeconds || 10,
    successThreshold: probe.successThreshold || 1,
    failureThreshold: probe.failureThreshold || 3,
    httpGet: probe.httpGet && ofHttpGet(probe.httpGet),
  });
}

function ofLifecycle(lifecycle: NonNullable<Container['lifecycle']>) {
  return replace(lifecycle, {
    preStop: lifecycle.preStop && ofHandler(lifecycle.preStop),
    postStart: lifecycle.postStart && ofHandler(lifecycle.postStart),
  });
}

const ofHandler = (handler: LifecycleHandler): LifecycleHandler =>
  replace(handler, { httpGet: handler.httpGet && ofHttpGet(handler.httpGet) });

const ofHttpGet = (action: NonNullable<Probe['httpGet']>) =>
  replace(action, { path: action.path || '/', scheme: action.scheme || 'HTTP' });

/** A volume without a source is an emptyDir. */
function ofVolume(volume: Volume): Volume {
  for (const key in volume) if (key !== 'name') return volume;
  return { ...volume, emptyDir: {} };
}

/**
 * If the Pod has any limit, it gets requests: for cpu and memory the sum of its containers' requests after defaulting;
 * for the others, the limit.
 */
function ofPodResources(
  resources: Resources | undefined,
  spec: Pick<PodSpec, 'containers' | 'initContainers'>,
): Resources | undefined {
  if (resources?.limits === undefined || Object.keys(resources.limits).length === 0) return resources;
  const requests = Object.fromEntries(Object.entries(resources.limits).filter(([name]) => isPodLevelResource(name)));
  for (const resource of ['cpu', 'memory']) {
    const sum = aggregated(spec, 'requests', resource);
    if (sum !== undefined) requests[resource] = formatAmount(sum);
  }
  return replace(resources, { requests: filled(resources.requests, requests) });
}

/** The amounts with missing ones added; unchanged if none is missing. */
function filled(amounts: Amounts | undefined, defaults: Amounts): Amounts {
  if (amounts === undefined) return defaults;
  for (const name in defaults) if (!Object.hasOwn(amounts, name)) return { ...defaults, ...amounts };
  return amounts;
}

type Amounts = Readonly<Record<string, string>>;

/** The object with these members; unchanged if it has them all. Members set to undefined stay absent. */
function replace<T extends object>(object: T, members: { readonly [Key in keyof T]?: T[Key] | undefined }): T {
  let copy: T | undefined;
  for (const key in members) {
    const member = members[key];
    if (object[key] !== member) (copy ??= { ...object })[key] = member as T[typeof key];
  }
  return copy ?? object;
}

/** The list with every element mapped; the same list if no element changed. */
function map<T>(list: readonly T[], change: (element: T) => T): readonly T[] {
  const mapped = list.map(change);
  return mapped.every((element, index) => element === list[index]) ? list : mapped;
}
