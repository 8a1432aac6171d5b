import type { PodSubject } from '../subject/pod-subject.ts';
import type { Finding, RuleContext } from './rule.ts';
import type { RuleSetting } from './rule-setting.ts';

/**
 * Who finds it: admission, which knows no neighbors; only the neighbors in the cluster; or admission, although the
 * neighbors show that nothing is wrong.
 */
export type Basis = 'admission' | 'neighbors' | 'refuted';

/** The findings of a rule in a subject, or the reason that it does not apply. */
export type Sightings = { readonly notApplicable: string } | Found;

interface Found {
  readonly findings: Iterable<Finding>;
  /** Of a finding that the iteration has reached. */
  basisOf(finding: Finding): Basis;
}

/**
 * Checks the subject. In a cluster, a rule that reads neighbors checks it both as admission does, without them, and with
 * them.
 */
export function sightingsOf(setting: RuleSetting, pod: PodSubject, context: RuleContext): Sightings {
  if (context.neighbors?.source !== 'cluster') return alone(setting, pod, context);
  const unaware = { ...context, neighbors: undefined };
  return setting.rule.reads === undefined ? alone(setting, pod, unaware) : compared(setting, pod, unaware, context);
}

const byAdmission = (): Basis => 'admission';
/** Of a rule that was skipped. */
export const noSightings: Sightings = { findings: [], basisOf: byAdmission };

function alone({ rule, options }: RuleSetting, pod: PodSubject, context: RuleContext): Sightings {
  const notApplicable = rule.notApplicable?.(pod, options, context);
  if (notApplicable !== undefined) return { notApplicable };
  if (rule.onlyWith !== undefined && !pod.mayHave(rule.onlyWith)) return noSightings;
  return { findings: rule.check(pod, options, context), basisOf: byAdmission };
}

function compared(
  { rule, options }: RuleSetting,
  pod: PodSubject,
  unaware: RuleContext,
  aware: RuleContext,
): Sightings {
  const notApplicable = rule.notApplicable?.(pod, options, aware);
  const appliesUnaware = rule.notApplicable?.(pod, options, unaware) === undefined;
  if (notApplicable !== undefined && !appliesUnaware) return { notApplicable };
  const found = (applies: boolean, context: RuleContext): Iterable<Finding> =>
    applies ? rule.check(pod, options, context) : [];
  return merged(
    () => found(appliesUnaware, unaware),
    () => found(notApplicable === undefined, aware),
  );
}

function merged(unaware: () => Iterable<Finding>, aware: () => Iterable<Finding>): Found {
  const bases = new WeakMap<Finding, Basis>();
  function* findings(): Generator<Finding> {
    const informed = [...aware()];
    const shown = new Set(informed.map(placeOf));
    const admitted = new Set<string>();
    for (const finding of unaware()) {
      const place = placeOf(finding);
      admitted.add(place);
      bases.set(finding, shown.has(place) ? 'admission' : 'refuted');
      yield finding;
    }
    for (const finding of informed) {
      if (admitted.has(placeOf(finding))) continue;
      bases.set(finding, 'neighbors');
      yield finding;
    }
  }
  return { findings: findings(), basisOf: (finding) => bases.get(finding) ?? 'admission' };
}

const placeOf = ({ path, container = '' }: Finding): string => `${container} ${path}`;
