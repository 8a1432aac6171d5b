import { defineRule, type Mode, type Rule } from '../../src/engine/rule.ts';
import type { WebhookWorld } from '../../src/server/webhook/webhook-route.ts';
import { policyOf } from './support.ts';

/** A rule such as no catalogue would hold. */
export function madeUpRule(id: string, { check }: Pick<Rule, 'check'>): Rule {
  return defineRule({
    id,
    group: 'shape',
    category: 'reliability',
    severity: 'high',
    mode: 'enforce',
    fix: { byDefault: true, risk: 'none', effect: 'Writes what it says.' },
    docs: { summary: 'Asks.', why: 'Why not.', bad: '', good: '', source: 'made up' },
    options: {},
    check,
  });
}

/** A world in which these rules are all that there is. */
export function worldOf(rules: readonly { rule: Rule; fix: boolean }[], mode: Mode = 'enforce'): WebhookWorld {
  const policy = {
    ...policyOf(mode),
    rules: rules.map(({ rule, fix }) => ({ rule, fix, mode: 'enforce' as const, options: {} })),
  };
  return { at: () => ({ policy, minor: 36 }), settled: () => undefined };
}
