import type { Circumstances } from './circumstances.ts';
import { type Exemption, namesRule } from './exemption.ts';
import { builtInFacts, openImageFacts, type StatedFacts } from './image-entry.ts';
import type { OptionValues } from './options.ts';
import type { Policy } from './policy.ts';
import type { RuleContext } from './rule.ts';
import type { RuleSetting } from './rule-setting.ts';

/** The newest Kubernetes minor version that the rules know. */
export const newestMinor = 36;

/** One rule of a plan. */
export interface PlannedRule {
  readonly setting: RuleSetting;
  /** Whether its fix is enabled and takes effect at admission. */
  readonly repairs: boolean;
  /** The exemptions of the policy that name it. */
  readonly exemptions: readonly Exemption[];
}

/** The part of an evaluation that depends on the policy alone. */
export interface Plan {
  /** The enabled rules, in the order of the policy. */
  readonly rules: readonly PlannedRule[];
  /** The enabled rules that repair. */
  readonly repairing: readonly PlannedRule[];
  /** The part of the rules' context that does not depend on the subject. */
  contextFor(circumstances: Pick<Circumstances, 'minor' | 'byController' | 'neighbors'>): PolicyContext;
}

export type PolicyContext = Omit<RuleContext, 'namespace' | 'workloads'>;

const plans = new WeakMap<Policy, Plan>();

/** The plan of a policy, computed on first use. */
export function planOf(policy: Policy): Plan {
  let plan = plans.get(policy);
  if (plan === undefined) plans.set(policy, (plan = makePlan(policy)));
  return plan;
}

function makePlan(policy: Policy): Plan {
  const rules = policy.rules
    .filter(({ mode }) => mode !== 'off')
    .map((setting): PlannedRule => {
      const { rule, fix } = setting;
      return {
        setting,
        repairs: fix && policy.fixes && rule.fix?.manifestsOnly !== true,
        exemptions: policy.exemptions.filter((exemption) => namesRule(exemption, rule.id)),
      };
    });
  const factsOf = policy.images === undefined ? builtInFacts : openImageFacts(policy.images);
  const contexts = {
    ofControllers: new Map<number | undefined, PolicyContext>(),
    ofOthers: new Map<number | undefined, PolicyContext>(),
  };
  return {
    rules,
    repairing: rules.filter(({ repairs }) => repairs),
    contextFor({ minor, byController = false, neighbors }) {
      const known = byController ? contexts.ofControllers : contexts.ofOthers;
      let context = known.get(minor);
      if (context === undefined) known.set(minor, (context = makeContext(policy, factsOf, minor, byController)));
      return neighbors === undefined ? context : { ...context, neighbors };
    },
  };
}

function makeContext(
  { rules, kubernetesMinor }: Policy,
  factsOf: (image: string) => StatedFacts,
  minor: number | undefined,
  byController: boolean,
): PolicyContext {
  const known = kubernetesMinor ?? minor;
  const on = new Set(rules.filter(({ mode }) => mode !== 'off').map(({ rule }) => rule.id));
  const options = new Map<string, OptionValues>(rules.map((setting) => [setting.rule.id, setting.options]));
  return {
    minor: known ?? newestMinor,
    supports: (wanted) => known !== undefined && known >= wanted,
    neighbors: undefined,
    isMadeByController: (pod) => (pod.isTemplate ? pod.owner?.isCustom !== true : byController),
    factsOf,
    isOn: (id) => on.has(id),
    optionsOf: <Options>(id: string) => (options.get(id) ?? {}) as Options,
  };
}
