import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { evaluate } from '../../src/engine/evaluate.ts';
import { newestMinor } from '../../src/engine/plan.ts';
import type { Policy } from '../../src/engine/policy.ts';
import { resolve } from '../../src/policy/resolve.ts';
import { rules } from '../../src/rules/index.ts';
import type { SubjectSource } from '../../src/subject/pod-subject.ts';
import { ephemeralVariants, podVariants, type Variant } from './pod-security/pods.ts';
import { type Answer, type ApiServer, connect } from './support/api-server.ts';

/** A namespace with a level of the Pod Security Standards, and what stands for it in Podwright. */
interface Standard {
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly policy: Policy;
  readonly minor: number;
  /** Whether pairs are evaluated by it too: values that a version evaluates otherwise are so alone. */
  readonly forPairs: boolean;
}

const oldestMinor = 28;
const concurrency = 24;
const unlimited = 'psa-privileged';
const levels = ['baseline', 'restricted'] as const;
const standards: readonly Standard[] = levels.flatMap((level) => {
  const policy = resolve({ extends: `pss-${level}` }, rules);
  const minors = Array.from({ length: newestMinor - oldestMinor + 1 }, (_, index) => oldestMinor + index);
  const pinned = minors.map((minor) => ({ version: `v1.${minor}`, minor }));
  return [...pinned, { version: 'latest', minor: newestMinor }].map(({ version, minor }) => ({
    namespace: `psa-${level}-${version.replace('.', '-')}`,
    labels: {
      'pod-security.kubernetes.io/enforce': level,
      'pod-security.kubernetes.io/enforce-version': version,
    },
    policy,
    minor,
    forPairs: minor === oldestMinor || version === 'latest',
  }));
});

/** What Pod Security calls a control → the rules that evaluate it. */
const controls: Readonly<Record<string, readonly string[]>> = {
  'allowPrivilegeEscalation != false': ['no-privilege-escalation'],
  'forbidden AppArmor profile': ['safe-apparmor-profile'],
  'forbidden sysctls': ['safe-sysctls'],
  'host namespaces': ['no-host-network', 'no-host-pid', 'no-host-ipc'],
  hostPort: ['no-host-ports'],
  hostProcess: ['no-host-process'],
  'hostPath volumes': ['no-host-path'],
  'non-default capabilities': ['limit-capabilities'],
  privileged: ['no-privileged-containers'],
  'probe or lifecycle host': ['no-probe-host'],
  procMount: ['default-proc-mount'],
  'restricted volume types': ['limit-volume-types', 'no-host-path'],
  'runAsNonRoot != true': ['run-as-non-root'],
  'runAsUser=0': ['no-root-user'],
  seLinuxOptions: ['safe-selinux-options'],
  seccompProfile: ['no-unconfined-seccomp', 'require-seccomp-profile'],
  'unrestricted capabilities': ['limit-capabilities', 'drop-all-capabilities'],
};
/** Controls that Podwright leaves to a more specific rule: control → the one that is reported instead. */
const covered: Readonly<Record<string, readonly string[]>> = {
  'allowPrivilegeEscalation != false': ['privileged', 'unrestricted capabilities'],
  hostPort: ['host namespaces'],
  'runAsNonRoot != true': ['runAsUser=0', 'privileged'],
  'runAsUser=0': ['privileged'],
  'unrestricted capabilities': ['privileged'],
};

const standardsFor = ({ isPair }: Variant) => standards.filter(({ forPairs }) => forPairs || !isPair);

let api: ApiServer;

beforeAll(async () => {
  api = await connect(inject('kubeconfig'), concurrency);
  const namespaces = [{ namespace: unlimited, labels: {} }, ...standards];
  await Promise.all(
    namespaces.map(async ({ namespace, labels }) => {
      await wanted(api('POST', '/api/v1/namespaces', { metadata: { name: namespace, labels } }));
      // the controller would make it too, later
      await api('POST', `/api/v1/namespaces/${namespace}/serviceaccounts`, { metadata: { name: 'default' } });
    }),
  );
});

afterAll(async () => {
  for (const namespace of [unlimited, ...standards.map((one) => one.namespace)])
    await api('DELETE', `/api/v1/namespaces/${namespace}`);
});

test('the pss presets deny what Pod Security denies, for the same reasons', async () => {
  const seenAlone = new Set<string>();
  let compared = 0;
  const variants = podVariants();
  const differences = await Promise.all(
    variants.map(async (variant) => {
      const stored = await wanted(create(variant, unlimited), variant.name);
      return Promise.all(
        standardsFor(variant).map(async (standard) => {
          const reasons = reasonsOf(await create(variant, standard.namespace), variant.name);
          if (reasons.length === 1 && reasons[0] !== undefined) seenAlone.add(reasons[0]);
          compared++;
          const sources: SubjectSource[] = [{ pod: variant }, { pod: stored.body }];
          return sources.flatMap((source) => differencesOf(variant, standard, source, reasons));
        }),
      );
    }),
  );
  console.info(`${variants.length} Pods, ${compared} verdicts`);
  expect(differences.flat(2)).toEqual([]);
  const never = Object.keys(controls).filter((reason) => !seenAlone.has(reason));
  // a HostProcess Pod is valid with the host network only
  expect(never).toEqual(['hostProcess']);
});

test('so they do for ephemeral containers that join a running Pod', async () => {
  const variants = ephemeralVariants();
  const bases = new Map(variants.map(({ spec }) => [JSON.stringify(spec), spec]));
  const base = (spec: object): string => `base-${[...bases.keys()].indexOf(JSON.stringify(spec))}`;
  const differences = await Promise.all(
    standards.map(async (standard) => {
      const path = `/api/v1/namespaces/${standard.namespace}/pods`;
      // gated, so that no node ever starts them
      const gates = { schedulingGates: [{ name: 'podwright.test/never' }] };
      for (const spec of bases.values())
        await wanted(api('POST', path, { metadata: { name: base(spec) }, spec: { ...spec, ...gates } }));
      return Promise.all(
        variants.map(async (variant) => {
          const { spec, ephemeral } = variant;
          const patch = { spec: { ephemeralContainers: [ephemeral] } };
          const answer = await api('PATCH', `${path}/${base(spec)}/ephemeralcontainers?dryRun=All`, patch);
          const pod = { spec: { ...spec, ephemeralContainers: [ephemeral] } };
          const sources: SubjectSource[] = [{ pod }, { pod, newEphemeralContainers: new Set(['ephemeral']) }];
          const reasons = reasonsOf(answer, variant.name);
          return sources.flatMap((source) => differencesOf(variant, standard, source, reasons));
        }),
      );
    }),
  );
  console.info(`${variants.length} ephemeral containers, ${variants.length * standards.length} verdicts`);
  expect(differences.flat(2)).toEqual([]);
});

function create({ metadata, spec }: Variant, namespace: string): Promise<Answer> {
  return api('POST', `/api/v1/namespaces/${namespace}/pods?dryRun=All`, { metadata, spec });
}

async function wanted(answered: Promise<Answer>, what = ''): Promise<Answer> {
  const answer = await answered;
  if (answer.code >= 300) throw new Error(`${what}: ${answer.code} ${answer.body.message}`);
  return answer;
}

/** The controls that Pod Security denies the Pod for, none where it allows it. */
function reasonsOf({ code, body: { message = '' } }: Answer, name: string): string[] {
  if (code < 300) return [];
  const [, reasons] = /violates PodSecurity "[^"]+": (.*)$/s.exec(message) ?? [];
  if (code !== 403 || reasons === undefined) throw new Error(`${name}: ${code} ${message}`);
  const found = [...`), ${reasons}`.matchAll(/\), ([^()]+) \(/g)].map(([, reason = '']) => reason);
  return found.map((reason) => (reason === 'forbidden AppArmor profiles' ? 'forbidden AppArmor profile' : reason));
}

function differencesOf(
  variant: Variant,
  { namespace, policy, minor }: Standard,
  source: SubjectSource,
  reasons: readonly string[],
): string[] {
  const { findings, failures } = evaluate(source, policy, { minor });
  const found = new Set(findings.map(({ rule }) => rule.id));
  const evaluatedBy = (reason: string): boolean => (controls[reason] ?? []).some((id) => found.has(id));
  const isCovered = (reason: string): boolean =>
    evaluatedBy(reason) || (covered[reason] ?? []).some((other) => reasons.includes(other) && evaluatedBy(other));
  const explained = new Set(reasons.flatMap((reason) => controls[reason] ?? []));
  const missed = reasons.filter((reason) => !isCovered(reason));
  const invented = [...found].filter((id) => !explained.has(id));
  const isSameVerdict = found.size > 0 === reasons.length > 0;
  if (isSameVerdict && missed.length + invented.length + failures.length === 0) return [];
  return [`${namespace}: ${variant.name}: missed [${missed.join()}], invented [${invented.join()}]`];
}
