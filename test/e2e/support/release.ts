import { type Kubectl, kubectlOf, wanted } from '../../apiserver/support/kubectl.ts';
import { until } from '../../apiserver/support/until.ts';
import { chart } from '../../chart/support/helm.ts';
import { type Helm, helmIn } from './helm.ts';
import { imageRepository, tags } from './images.ts';

/** Podwright, installed in a namespace of its own. */
export interface Release {
  /** In the namespace of the release. */
  readonly kubectl: Kubectl;
  readonly helm: Helm;
  /** Changes values, waits until all Pods have them, and keeps the values set before. */
  readonly upgrade: (...flags: readonly string[]) => Promise<void>;
  readonly uninstall: () => Promise<void>;
}

const imageFlags = ['--set', `image.repository=${imageRepository}`, '--set', `image.tag=${tags.first}`];
const waiting = ['--wait', '--timeout', '90s'];

/** Installs the chart, or another one, and waits until its Pods are ready. */
export async function install(
  namespace: string,
  flags: readonly string[] = [],
  { helm: program = 'helm', from = chart } = {},
): Promise<Release> {
  const helm = helmIn(namespace, program);
  const kubectl = kubectlOf(namespace);
  await helm('install', 'podwright', from, '--create-namespace', ...imageFlags, ...waiting, ...flags);
  return {
    kubectl,
    helm,
    async upgrade(...more) {
      await helm('upgrade', 'podwright', chart, '--reuse-values', ...waiting, ...more);
    },
    async uninstall() {
      await helm('uninstall', 'podwright', '--ignore-not-found');
      await wanted(kubectl('delete', 'namespace', namespace, '--timeout=60s'));
    },
  };
}

/** Every Pod of the release: when it is there for good, how often it was restarted, and whether it is ready. */
export interface ReleasePod {
  readonly metadata: { readonly name: string; readonly uid: string; readonly deletionTimestamp?: string };
  readonly spec: { readonly containers: readonly { readonly image: string }[] };
  readonly status: {
    readonly containerStatuses?: readonly { readonly ready: boolean; readonly restartCount: number }[];
  };
}

/** The Pods of the release that are not about to go. */
export async function podsOf({ kubectl }: Pick<Release, 'kubectl'>): Promise<readonly ReleasePod[]> {
  const selector = 'app.kubernetes.io/name=podwright';
  const { items } = await kubectl.get<{ readonly items: readonly ReleasePod[] }>('pods', '-l', selector);
  return items.filter(({ metadata }) => metadata.deletionTimestamp === undefined);
}

const isReady = ({ status }: ReleasePod): boolean => status.containerStatuses?.[0]?.ready === true;

/** Waits until that many Pods of the release are there and ready, and those on their way out are gone. */
export async function untilSettled(release: Pick<Release, 'kubectl'>, count = 2): Promise<void> {
  await until(
    `${count} ready Pods and no others`,
    async () => {
      const pods = await podsOf(release);
      const { stdout } = await release.kubectl('get', 'pods', '-l', 'app.kubernetes.io/name=podwright', '-o', 'name');
      return pods.length === count && pods.every(isReady) && stdout.trim().split('\n').length === count;
    },
    90,
  );
}

/** Waits until all Pods have the policy. */
export async function untilPolicyIs(mode: string, release: Pick<Release, 'kubectl'>): Promise<void> {
  await until(
    `both Pods to be in mode ${mode}`,
    async () => (await logsOf(release)).every((log) => lastMode(log) === mode),
    90,
  );
}

/** What each Pod of the release has logged. */
export async function logsOf(release: Pick<Release, 'kubectl'>): Promise<readonly string[]> {
  const pods = await podsOf(release);
  return Promise.all(pods.map(async ({ metadata }) => (await release.kubectl('logs', metadata.name)).stdout));
}

function lastMode(log: string): string | undefined {
  return [...log.matchAll(/"mode":"(\w+)"/g)].at(-1)?.[1];
}
