import { rules } from '../../../src/rules/index.ts';
import { openCommandLine } from '../support/command-line.ts';
import { inNode, type Kubectl, kubectlOf, wanted } from '../support/kubectl.ts';
import { policy } from './policy.ts';
import type { Creation, PreviewedWorkload } from './previewed.ts';
import { namespaces, type Stored, type Workload } from './workloads.ts';

interface Item extends Stored {
  readonly metadata: Stored['metadata'] & {
    readonly uid: string;
    readonly namespace: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
}

interface Templated {
  readonly spec: { readonly template: { readonly metadata: { readonly labels: Readonly<Record<string, string>> } } };
}

/** Pods as they are, by the workload that they are labeled with. */
export type Pods = ReadonlyMap<string, readonly Item[]>;

/** The kinds of operators. */
const definitions = ['Basket', 'Stock'].map((kind) => {
  const singular = kind.toLowerCase();
  const schema = { openAPIV3Schema: { type: 'object' } };
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${singular}s.${singular}.example` },
    spec: {
      group: `${singular}.example`,
      scope: 'Namespaced',
      names: { plural: `${singular}s`, singular, kind },
      versions: [{ name: 'v1', served: true, storage: true, schema }],
    },
  };
});
const names = definitions.map(({ metadata }) => `crd/${metadata.name}`);

export async function define(): Promise<void> {
  await wanted(
    inNode(['kubectl', 'apply', '-f', '-'], JSON.stringify({ apiVersion: 'v1', kind: 'List', items: definitions })),
  );
  await wanted(inNode(['kubectl', 'wait', '--for=condition=established', ...names, '--timeout=30s']));
}

export const undefine = () => wanted(inNode(['kubectl', 'delete', ...names]));

/** The object of the workload with the reference to its owner, which is created where there is none. */
export async function owned({ namespace, object, owner }: Workload): Promise<Stored> {
  if (owner === undefined) return object;
  const [kind = '', name = ''] = owner.split('/');
  const apiVersion = kind === 'ConfigMap' ? 'v1' : `${kind.toLowerCase()}.example/v1`;
  const { metadata } = await kubectlOf(namespace).create<Item>({ apiVersion, kind, metadata: { name } });
  const reference = { apiVersion, kind, name, uid: metadata.uid, controller: true };
  return { ...object, metadata: { ...object.metadata, ownerReferences: [reference] } } as Stored;
}

/** What preview says of the workloads of the namespaces, all ceilings lifted. */
export async function preview(): Promise<readonly PreviewedWorkload[]> {
  const commandLine = await openCommandLine();
  try {
    const file = await commandLine.file('policy.yaml', policy);
    const { stdout } = await commandLine.podwright(['preview', '--policy', file, '--mode', 'enforce', '-o', 'json']);
    const { workloads } = JSON.parse(stdout) as { readonly workloads: readonly PreviewedWorkload[] };
    return workloads.filter(({ namespace }) => (namespaces as readonly string[]).includes(namespace));
  } finally {
    await commandLine.close();
  }
}

const ids: ReadonlySet<string> = new Set(rules.map(({ id }) => id));

/** What becomes of the object when the one who creates it does so now, by a dry run. */
export async function created({ namespace, account }: Workload, object: Stored): Promise<Creation> {
  const sender = kubectlOf(namespace).as(account ?? 'alice', 'system:masters', 'system:authenticated');
  // exemptions go by the names of workloads, so these keep theirs, which are taken: that is found out after admission
  const isPod = object.kind === 'Pod';
  const name = isPod ? `${object.metadata.name}-again` : object.metadata.name;
  const again = { ...object, metadata: { ...object.metadata, name } };
  const { stdout, stderr } = await sender.send(again, 'create', '--dry-run=server', '-o', 'json', '-f', '-');
  const denied = stderr.includes('denied the request');
  if (!denied && (isPod ? stdout === '' : !stderr.includes('AlreadyExists')))
    throw new Error(`${namespace}/${object.kind}/${object.metadata.name}: ${stderr}`);
  // a finding of several rules is told once: (no-privilege-escalation, require-seccomp-profile)
  const named = [...stderr.matchAll(/\(([a-z-]+(?:,\s+[a-z-]+)*)\)$/gm)].flatMap(([, all = '']) => all.split(/,\s+/));
  const entries = named.filter((id) => ids.has(id));
  return {
    denied,
    rules: denied ? [...new Set(entries)].toSorted() : [],
    warnings: stderr.split('\n').flatMap((line) => /^Warning: (podwright: .*)/.exec(line)?.[1] ?? []),
    fixed: denied || !isPod ? [] : fixedIn(JSON.parse(stdout) as Item),
  };
}

/** The rules whose fixes repaired a Pod. */
export const fixedIn = ({ metadata: { annotations } }: Pick<Item, 'metadata'>): string[] =>
  annotations?.['podwright.dev/fixed']?.split(',') ?? [];

export async function podsNow(): Promise<Pods> {
  const all = await Promise.all(namespaces.map((namespace) => itemsOf(kubectlOf(namespace), 'pods')));
  return Map.groupBy(all.flat(), ({ metadata: { namespace, labels } }) => `${namespace}/${labels?.['app']}`);
}

const controllers = 'replicasets,statefulsets,daemonsets,replicationcontrollers,jobs';

/** The workloads whose controllers were refused Pods, as the events say. */
export async function stoppedNow(): Promise<ReadonlySet<string>> {
  const all = await Promise.all(
    namespaces.map(async (namespace) => {
      const kubectl = kubectlOf(namespace);
      const owners = (await itemsOf(kubectl, controllers)) as readonly (Item & Templated)[];
      const workloadOf = new Map(
        owners.map(({ kind, metadata: { name }, spec }) => [
          `${kind}/${name}`,
          `${namespace}/${spec.template.metadata.labels['app']}`,
        ]),
      );
      const events = (await itemsOf(kubectl, 'events')) as unknown as readonly {
        readonly message: string;
        readonly involvedObject: { readonly kind: string; readonly name: string };
      }[];
      return events
        .filter(({ message }) => /podwright\.dev" denied the request/.test(message))
        .map(
          ({ involvedObject: { kind, name } }) => workloadOf.get(`${kind}/${name}`) ?? `${namespace}/${kind}/${name}`,
        );
    }),
  );
  return new Set(all.flat());
}

const itemsOf = async (kubectl: Kubectl, kinds: string): Promise<readonly Item[]> =>
  (await kubectl.get<{ readonly items: readonly Item[] }>(kinds)).items;
