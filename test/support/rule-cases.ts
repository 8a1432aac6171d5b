import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { load, loadAll } from 'js-yaml';
import { surroundingsOf } from '../../src/audit/surroundings.ts';
import type { Circumstances } from '../../src/engine/circumstances.ts';
import { type Evaluation, evaluate } from '../../src/engine/evaluate.ts';
import type { ImageEntry } from '../../src/engine/image-entry.ts';
import { defaultsOf, type OptionValues } from '../../src/engine/options.ts';
import { newestMinor } from '../../src/engine/plan.ts';
import type { Policy } from '../../src/engine/policy.ts';
import type { Mode, Rule } from '../../src/engine/rule.ts';
import { type KubernetesObject, kubernetesObject } from '../../src/manifests/kubernetes-object.ts';
import { embeddedPodsOf } from '../../src/manifests/pod-template.ts';
import { rules } from '../../src/rules/index.ts';
import { ownerNames } from '../../src/subject/owner-names.ts';
import type { Owner, SubjectSource } from '../../src/subject/pod-subject.ts';
import { deepFreeze } from './deep-freeze.ts';
import { openPolicy } from './policies.ts';

const folder = join(import.meta.dirname, '../rules');

/** One case of a rule's fixture. The rule is `enforce` with its fix on, all others are off unless `policy` names them. */
export interface RuleCase {
  readonly name: string;
  /** In one case of the fixture: no finding of the rule has a `fault`, because any value in its place is as bad. */
  readonly placeSaysAll?: true;
  /** A Pod's spec; its metadata beside it. */
  readonly pod?: unknown;
  readonly metadata?: object;
  /** The controller of the Pod. */
  readonly owner?: Owner;
  /** Whether a controller of Kubernetes makes the Pod for its `owner`: it does when absent. */
  readonly madeByController?: boolean;
  /** The workload whose template `pod` is. */
  readonly workload?: Owner;
  /** A whole Pod or workload, instead of `pod`. */
  readonly object?: unknown;
  /** Objects that are evaluated together with it; none are known when absent. */
  readonly around?: readonly unknown[];
  /** Ephemeral containers that an update brings; evaluated alone. */
  readonly newEphemeralContainers?: readonly string[];
  /** The namespace that it is in, whose Pods' owners are trusted; not known when absent. */
  readonly namespace?: string;
  /** Minor version of Kubernetes; the newest when absent, not known when null. */
  readonly minor?: number | null;
  /** Options of the rule that are not at their default. */
  readonly options?: OptionValues;
  /** Other rules that are on: `enforce` and without fix unless it says more. */
  readonly policy?: Readonly<Record<string, Setting>>;
  /** What the policy states about images. */
  readonly images?: readonly ImageEntry[];
  /** All findings of the rule, in order of their paths. */
  readonly findings: readonly ExpectedFinding[];
  /** Why the rule has nothing to say; compared when given. */
  readonly notApplicable?: string;
  /** The whole patch; none when absent. */
  readonly patch?: readonly object[];
}

interface Setting {
  readonly mode?: Mode;
  readonly fix?: boolean;
  readonly options?: OptionValues;
}

interface ExpectedFinding {
  readonly path: string;
  readonly container?: string;
  readonly message: string;
  /** Whether it brings a fix; absent when not. */
  readonly fixable?: true;
}

const caseKeys = new Set([
  'name',
  'placeSaysAll',
  'pod',
  'metadata',
  'owner',
  'madeByController',
  'workload',
  'object',
  'around',
  'newEphemeralContainers',
  'namespace',
  'minor',
  'options',
  'policy',
  'images',
  'findings',
  'notApplicable',
  'patch',
]);

/** Ids of all fixtures. */
export const fixtureIds = (): string[] =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.yaml'))
    .map((name) => name.slice(0, -'.yaml'.length))
    .toSorted();

const readCases = new Map<string, readonly RuleCase[]>();

/** The cases of a rule's fixture, frozen because several test files share them. */
export function casesOf(id: string): readonly RuleCase[] {
  const cases = readCases.get(id) ?? deepFreeze(readFixture(id));
  readCases.set(id, cases);
  return cases;
}

function readFixture(id: string): readonly RuleCase[] {
  const cases = load(readFileSync(join(folder, `${id}.yaml`), 'utf8')) as RuleCase[];
  for (const one of cases) {
    const unknown = Object.keys(one).filter((key) => !caseKeys.has(key));
    if (unknown.length > 0) throw new Error(`test/rules/${id}.yaml, "${one.name}": unknown ${unknown.join(', ')}`);
  }
  return cases;
}

/** The subject of a case, frozen to its depth. */
export function sourceOf(one: RuleCase): SubjectSource {
  const { owner, metadata } = one;
  const ownerReferences = owner && [{ apiVersion: 'apps/v1', uid: '1', controller: true, ...owner }];
  const source =
    one.object === undefined
      ? {
          pod: { metadata: { name: 'web', ...metadata, ...(ownerReferences && { ownerReferences }) }, spec: one.pod },
          ...(one.workload && { workload: one.workload }),
        }
      : onlyPodIn(one.object);
  const fresh = one.newEphemeralContainers;
  return deepFreeze(fresh ? { ...source, newEphemeralContainers: new Set(fresh) } : source);
}

/** A documented example: a Pod's spec, or whole objects where the spec alone does not tell, the one with a Pod last. */
export function caseOfExample({ id, docs }: Rule, text: string): RuleCase {
  const objects = loadAll(text);
  const value = objects.pop();
  const isObject = typeof value === 'object' && value !== null && 'kind' in value;
  return {
    name: `example of ${id}`,
    findings: [],
    ...(docs.exampleOptions && { options: docs.exampleOptions }),
    ...(isObject ? { object: value } : { pod: value }),
    ...(objects.length > 0 && { around: objects }),
  };
}

function onlyPodIn(object: unknown): SubjectSource {
  const [pod, ...others] = embeddedPodsOf(object);
  if (pod === undefined || others.length > 0) throw new Error('the object must hold exactly one Pod');
  return pod.source;
}

/** The evaluation of a case. */
export function evaluateCase(rule: Rule, one: RuleCase, source = sourceOf(one)): Evaluation {
  const settings = {
    ...one.policy,
    [rule.id]: { fix: rule.fix !== undefined, ...(one.options && { options: one.options }) },
  };
  const minor = one.minor === null ? undefined : (one.minor ?? newestMinor);
  const byController = one.owner !== undefined && one.madeByController !== false;
  const around = (one.around ?? []).map((value) => kubernetesObject(value) as KubernetesObject);
  const { neighbors } = surroundingsOf(around, { minor, now: 0, defaultNamespace: 'default' }).at('default');
  const policy = one.images ? { ...policyOf(settings), images: one.images } : policyOf(settings);
  return evaluate(source, policy, { minor, byController, neighbors, ...originOf(one) });
}

function originOf({ namespace, workload, owner, metadata }: RuleCase): Pick<Circumstances, 'origin'> {
  if (namespace === undefined) return {};
  const own = workload ?? owner;
  const workloads = own === undefined ? ['Pod/web'] : ownerNames(own, { ...metadata });
  return { origin: { namespace: { name: namespace, labels: undefined }, workloads } };
}

/** A policy with the named rules and no others, without ceilings. */
export function policyOf(settings: Readonly<Record<string, Setting>>): Policy {
  const unknown = Object.keys(settings).filter((id) => !rules.some((rule) => rule.id === id));
  if (unknown.length > 0) throw new Error(`no such rule: ${unknown.join(', ')}`);
  return deepFreeze({
    ...openPolicy,
    hash: '',
    existing: 'enforce',
    annotate: false,
    rules: rules.map((rule) => {
      const { mode, fix, options } = settings[rule.id] ?? { mode: 'off' };
      return {
        rule,
        mode: mode ?? 'enforce',
        fix: fix ?? false,
        options: { ...defaultsOf(rule.options), ...options },
      };
    }),
  });
}
