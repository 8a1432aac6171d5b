import { parseQuantity } from '../../src/subject/quantity.ts';

type Fields = Record<string, unknown>;
type Amounts = Record<string, string>;
interface Resources {
  requests?: Amounts;
  limits?: Amounts;
}

/** A Pod of which every part is valid by itself. */
export interface Draft {
  readonly metadata: Fields;
  readonly spec: Fields & { readonly volumes?: readonly object[]; readonly securityContext?: Fields };
  readonly containers: readonly DraftContainer[];
  readonly initContainers?: readonly DraftContainer[];
}

interface DraftContainer extends Fields {
  readonly image?: string;
  readonly ports?: readonly { readonly name?: string; readonly containerPort: number; readonly protocol?: string }[];
  readonly mounts?: readonly { readonly mountPath: string; readonly volume: number }[];
  readonly device?: string;
  readonly resources?: Resources;
  readonly securityContext?: Fields & { readonly capabilities?: { readonly add?: readonly string[] } };
  readonly lifecycle?: Readonly<Record<string, { readonly sleep?: { readonly seconds: number } }>>;
}

/** A Pod to send, or as the API server answers. */
export interface PlainPod {
  readonly metadata: Fields;
  readonly spec: Fields;
}

const volumeNames = ['scratch-app-tmp', 'data', 'cache', 'settings'];
const mainNames = ['app', 'app-1-0', 'shipper'];
const initNames = ['migrate', 'proxy'];

/** The Pod of a draft, with what cannot be together taken apart as the API server's validation wants it. */
export function madeValid({ metadata, spec, containers, initContainers = [] }: Draft): PlainPod {
  const volumes = (spec.volumes ?? []).map((one, index) => ({ name: volumeNames[index], ...one }));
  const context: Fields = { ...spec.securityContext };
  const pod: Fields = { ...spec, volumes, securityContext: context };
  const inHost = pod['hostNetwork'] === true || pod['hostPID'] === true || pod['hostIPC'] === true;
  if (inHost || containers.concat(initContainers).some(({ device }) => device)) delete pod['hostUsers'];
  if (pod['hostPID'] === true) delete pod['shareProcessNamespace'];
  if (inHost) delete context['sysctls'];
  if ('seccomp.security.alpha.kubernetes.io/pod' in Object(metadata['annotations'])) delete context['seccompProfile'];
  const isWindows = (pod['os'] as { name?: string } | undefined)?.name === 'windows';
  const contained = (list: readonly DraftContainer[], names: readonly string[], isInit: boolean): Fields[] =>
    list.map((one, index) => ({ name: names[index], ...containerOf(one, pod, isInit, index) }));
  const main = contained(containers, mainNames, false);
  if ('container.apparmor.security.beta.kubernetes.io/app' in Object(metadata['annotations']))
    delete (main[0]?.['securityContext'] as Fields | undefined)?.['appArmorProfile'];
  const valid: Fields = {
    ...pod,
    containers: main,
    ...(initContainers.length > 0 && { initContainers: contained(initContainers, initNames, true) }),
  };
  return { metadata: { name: 'web', ...metadata }, spec: isWindows ? forWindows(valid) : valid };
}

function containerOf(draft: DraftContainer, spec: Fields, isInit: boolean, index: number): Fields {
  const { mounts, device, ports, lifecycle, resources, securityContext, restartPolicy, ...rest } = draft;
  const volumes = spec['volumes'] as readonly Fields[];
  const claim = volumes.find(({ persistentVolumeClaim }) => persistentVolumeClaim !== undefined);
  const isSidecar = isInit && restartPolicy !== undefined;
  const container: Fields = {
    image: 'registry.example/app:1.0',
    ...rest,
    ...(ports && { ports: distinctPorts(ports, spec['hostNetwork'] === true, index + (isInit ? 3 : 0)) }),
    ...(resources && { resources: consistent(resources, spec['resources'] as Resources | undefined) }),
    ...(securityContext && { securityContext: allowed(securityContext, spec['hostUsers'] === false) }),
    ...(isSidecar && { restartPolicy }),
    ...(mounts && volumes.length > 0 && { volumeMounts: mountsOf(mounts, volumes, device) }),
    ...(device && claim && { volumeDevices: [{ name: claim['name'], devicePath: device }] }),
  };
  if (isInit && !isSidecar)
    for (const field of ['livenessProbe', 'readinessProbe', 'startupProbe']) delete container[field];
  else if (lifecycle) container['lifecycle'] = lifecycleOf(lifecycle, spec);
  return container;
}

/** Names and places are distinct in a container, host ports in the Pod. */
function distinctPorts(ports: NonNullable<DraftContainer['ports']>, onHost: boolean, index: number): Fields[] {
  const seen = new Set<string>();
  return ports
    .map((port) => (onHost ? { ...port, hostPort: 0, containerPort: port.containerPort + index } : port))
    .filter(({ name = '', containerPort, protocol = 'TCP' }) => {
      const keys = [name || `${containerPort}`, `${containerPort}/${protocol}`];
      const isNew = keys.every((key) => !seen.has(key));
      for (const key of keys) seen.add(key);
      return isNew;
    });
}

/** No request is above its limit; what cannot be overcommitted is requested as it is limited, beside cpu or memory. */
function consistent({ requests = {}, limits = {} }: Resources, ofPod: Resources | undefined): Resources {
  const special = Object.keys({ ...requests, ...limits }).filter((name) => /huge|vendor/.test(name));
  const kept = { requests: { ...requests }, limits: { ...limits } };
  for (const name of special) {
    delete kept.requests[name];
    if (name in limits && ofPod === undefined) kept.requests[name] = limits[name] ?? '';
    else delete kept.limits[name];
  }
  if (special.length > 0) kept.requests['cpu'] = kept.limits['cpu'] ?? '1';
  for (const [name, amount] of Object.entries(kept.requests)) {
    const limit = kept.limits[name];
    if (limit !== undefined && (parseQuantity(amount) ?? 0n) > (parseQuantity(limit) ?? 0n))
      kept.requests[name] = limit;
  }
  return kept;
}

function allowed(context: NonNullable<DraftContainer['securityContext']>, ownUsers: boolean): Fields {
  const kept: Fields = { ...context };
  const mustEscalate = context['privileged'] === true || context.capabilities?.add?.includes('CAP_SYS_ADMIN') === true;
  if (mustEscalate && context['allowPrivilegeEscalation'] === false) delete kept['allowPrivilegeEscalation'];
  if (!ownUsers) delete kept['procMount'];
  return kept;
}

function mountsOf(
  mounts: NonNullable<DraftContainer['mounts']>,
  volumes: readonly Fields[],
  device: string | undefined,
): Fields[] {
  const paths = new Set([device]);
  return mounts.flatMap(({ volume, ...mount }) => {
    if (paths.has(mount.mountPath)) return [];
    paths.add(mount.mountPath);
    const { name, persistentVolumeClaim } = volumes[volume % volumes.length] ?? {};
    return device && persistentVolumeClaim ? [] : [{ ...mount, name }];
  });
}

/** No hook sleeps longer than the Pod has. */
function lifecycleOf(lifecycle: NonNullable<DraftContainer['lifecycle']>, spec: Fields): Fields {
  const given = (spec['terminationGracePeriodSeconds'] as number | undefined) ?? 30;
  const grace = given < 0 ? 1 : given;
  return Object.fromEntries(
    Object.entries(lifecycle).map(([hook, action]) => {
      const seconds = action.sleep && Math.min(action.sleep.seconds, grace);
      return [hook, seconds === undefined ? action : { sleep: { seconds } }];
    }),
  );
}

const linuxOfPod = ['hostPID', 'hostIPC', 'hostUsers', 'shareProcessNamespace', 'resources'];

/** Without what only Linux has. */
function forWindows(spec: Fields): Fields {
  const kept = { ...spec };
  for (const field of linuxOfPod) delete kept[field];
  const keep = (context: unknown): Fields => {
    const { runAsNonRoot } = (context ?? {}) as { runAsNonRoot?: boolean };
    return runAsNonRoot === undefined ? {} : { runAsNonRoot };
  };
  const containers = (list: unknown): Fields[] | undefined =>
    (list as Fields[] | undefined)?.map((one) => ({ ...one, securityContext: keep(one['securityContext']) }));
  kept['securityContext'] = keep(spec['securityContext']);
  kept['containers'] = containers(spec['containers']);
  if (spec['initContainers']) kept['initContainers'] = containers(spec['initContainers']);
  return kept;
}
