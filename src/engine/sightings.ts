import type { PodSubject } from '../subject/pod-subject.ts';
import type { RuleSetting } from './policy.ts';
import type { Finding, RuleContext } from './rule.ts';

/**
 * Who finds it: admission, which knows no neighbors; only the neighbors in the cluster; or admission, although the
 * neighbors show that nothing is wrong.
 */
export type Basis = 'admission' | 'neighbors' | 'refuted';

export interface Sighting {
  readonly finding: Finding;
  readonly basis: Basis;
}

/** What a rule finds in a subject, or why it does not apply. */
export type Sightings = { readonly notApplicable: string } | { readonly sightings: Iterable<Sighting> };

/**
 * Checks the subject. In a cluster, a rule that reads neighbors checks it both as admission does, without them, and with
 * them.
 */
export function sightingsOf(setting: RuleSetting, pod: PodSubject, context: RuleContext): Sightings {
  if (context.neighbors?.source !== 'cluster') return alone(setting, pod, context);
  const unaware = { ...context, neighbors: undefined };
  return setting.rule.reads === undefined ? alone(setting, pod, unaware) : compared(setting, pod, unaware, context);
}

function alone({ rule, options }: RuleSetting, pod: PodSubject, context: RuleContext): Sightings {
  const notApplicable = rule.notApplicable?.(pod, options, context);
  if (notApplicable !== undefined) return { notApplicable };
  return { sightings: admitted(rule.check(pod, options, context)) };
}

function* admitted(findings: Iterable<Finding>): Generator<Sighting> {
  for (const finding of findings) yield { finding, basis: 'admission' };
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
  return {
    sightings: merged(
      () => found(appliesUnaware, unaware),
      () => found(notApplicable === undefined, aware),
    ),
  };
}

function* merged(unaware: () => Iterable<Finding>, aware: () => Iterable<Finding>): Generator<Sighting> {
  const informed = [...aware()];
  const shown = new Set(informed.map(placeOf));
  const admitted = new Set<string>();
  for (const finding of unaware()) {
    const place = placeOf(finding);
    admitted.add(place);
    yield { finding, basis: shown.has(place) ? 'admission' : 'refuted' };
  }
  for (const finding of informed) if (!admitted.has(placeOf(finding))) yield { finding, basis: 'neighbors' };
}

const placeOf = ({ path, container = '' }: Finding): string => `${container} ${path}`;
