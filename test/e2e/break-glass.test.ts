import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { env } from 'node:process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { parse } from 'yaml';
import { type Kubectl, kubectlIn, wanted } from '../apiserver/support/kubectl.ts';
import { pod } from '../apiserver/support/podwright.ts';
import { until } from '../apiserver/support/until.ts';
import { commandsIn } from '../support/markdown-commands.ts';
import { currentKubeconfig } from './support/helm.ts';
import { install, logsOf, type Release } from './support/release.ts';
import { privilegedPod, startTraffic } from './support/traffic.ts';

const root = join(import.meta.dirname, '../..');
const run = promisify(execFile);
const page = await readFile(join(root, 'docs/operations.md'), 'utf8');
const sectionOf = (title: string): string => page.split(/^#{1,2} /m).find((text) => text.startsWith(title)) ?? '';
const glass = sectionOf('Break glass');
const values = [...glass.matchAll(/^```yaml\n(.*?)^```$/gms)].map(([, text = '']) => parse(text) as { policy: object });
const policy = Object.assign({}, ...values.map((each) => each.policy)) as Readonly<Record<string, unknown>>;
const [makeNamespace = '', debugInNamespace = '', readLog = '', debugInKubeSystem = ''] = commandsIn(glass);
const [offSwitch = ''] = commandsIn(sectionOf('Operations'));
const bringBack = commandsIn(sectionOf('Bring it back'));

let release: Release;
let shop: Kubectl;
let folder: string;
let node: string;

/** Runs a command of the page, on this cluster. */
async function ran(command: string): Promise<string> {
  await writeFile(join(folder, 'kubeconfig'), await currentKubeconfig());
  const here = command.replaceAll('NODE', node).replaceAll('IMAGE', inject('image'));
  const { stdout } = await run('sh', ['-c', here], {
    cwd: root,
    env: { ...env, KUBECONFIG: join(folder, 'kubeconfig'), HELM_CACHE_HOME: folder, HELM_CONFIG_HOME: folder },
  });
  return stdout;
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'podwright-glass-'));
  shop = await kubectlIn('glass-shop');
  const file = join(folder, 'values.yaml');
  await writeFile(file, JSON.stringify({ mode: 'enforce', policy }));
  release = await install('podwright-system', ['--values', file]);
  const { items } = await shop.get<{ items: readonly { metadata: { name: string } }[] }>('nodes');
  node = items[0]?.metadata.name ?? '';
});
afterAll(async () => {
  await release.uninstall();
  await rm(folder, { recursive: true });
});

const isAdmitted = (kubectl: Kubectl, object: object) =>
  kubectl.send(object, 'create', '--dry-run=server', '-f', '-').then(({ code }) => code === 0);

test('under enforce, a shell on a node is denied in the namespaces of teams', async () => {
  await expect(ran(debugInNamespace.replace('break-glass', 'glass-shop'))).rejects.toThrow(
    'admission webhook "pods.validate.podwright.dev" denied the request',
  );
});

test('in the namespace made for it, it runs', async () => {
  await ran(makeNamespace);
  await ran(debugInNamespace);
  await wanted(shop('wait', '--namespace=break-glass', '--for=condition=Ready', 'pods', '--all', '--timeout=60s'));
  expect(await ran('kubectl delete pods --namespace break-glass --all --grace-period=0 --force')).toContain('deleted');
});

test('in kube-system, it runs, and Podwright is not asked', async () => {
  expect(await ran(debugInKubeSystem)).toContain('Creating debugging pod node-debugger-');
  const selector = '--selector=app.kubernetes.io/managed-by=kubectl-debug';
  await wanted(shop('wait', '--namespace=kube-system', '--for=condition=Ready', 'pods', selector, '--timeout=60s'));
  await wanted(shop('delete', 'pods', '--namespace=kube-system', selector, '--grace-period=0', '--force'));
  expect((await logsOf(release)).join('')).not.toContain('"namespace":"kube-system"');
});

test('a member of the group creates any Pod, and the log warns of it with the name of the user', async () => {
  const ann = shop.as('ann', 'system:masters', 'break-glass');
  expect(await isAdmitted(shop.as('ann', 'system:masters'), privilegedPod('denied'))).toBe(false);
  expect((await ann.send(privilegedPod('repair'), 'create', '-f', '-')).code).toBe(0);
  const lines = (await ran(readLog)).trim().split('\n');
  expect(lines.map((line) => JSON.parse(line.slice(line.indexOf('{'))) as object)).toContainEqual(
    expect.objectContaining({
      level: 'warn',
      namespace: 'glass-shop',
      name: 'repair',
      user: 'ann',
      exempt: expect.arrayContaining([{ rule: 'no-privileged-containers', exemption: 'break-glass' }]),
    }),
  );
});

describe('the off switch', () => {
  test('lets everything in at once, and is not undone', async () => {
    await ran(offSwitch);
    await until('Pods to be admitted', () => isAdmitted(shop, privilegedPod('anything')), 10);
  });

  test('is turned back without any Pod that is denied because Podwright cannot be called', async () => {
    const traffic = await startTraffic('glass-shop');
    for (const command of bringBack) await ran(command);
    await until('Pods to be denied again', async () => !(await isAdmitted(shop, privilegedPod('denied'))));
    const { sent, surprises } = await traffic.stop();
    expect(sent).toBeGreaterThan(10);
    expect(surprises.filter((surprise) => !surprise.includes(' 201 '))).toEqual([]);
    await until('Pods to be repaired again', async () => {
      const { metadata } = await shop.create(pod('repaired'), '--dry-run=server');
      return metadata.annotations?.['podwright.dev/fixed']?.includes('no-privilege-escalation') ?? false;
    });
    const { webhooks } = await shop.get<{ webhooks: readonly { failurePolicy: string }[] }>(
      'validatingwebhookconfiguration',
      'podwright',
    );
    expect(webhooks[0]?.failurePolicy).toBe('Fail');
  });
});
