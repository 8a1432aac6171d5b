import { defaultsOf } from '../../src/engine/options.ts';
import type { Policy } from '../../src/engine/policy.ts';
import type { Rule } from '../../src/engine/rule.ts';
import { rules } from '../../src/rules/index.ts';
import { deepFreeze } from './deep-freeze.ts';

/** Every rule `enforce` with its fix on, and with options that let each fix act. */
export function everythingOn(overrides: Partial<Policy> = {}): Policy {
  const requests: Record<string, object> = {
    'require-cpu-request': { default: '100m' },
    'require-memory-request': { default: '128Mi' },
    'require-scratch-space': { paths: ['/tmp', '/var/log'] },
    'drop-all-capabilities': { fixAll: true },
  };
  const setting = (rule: Rule) => ({
    rule,
    mode: 'enforce' as const,
    fix: rule.fix !== undefined,
    options: { ...defaultsOf(rule.options), ...requests[rule.id] },
  });
  return deepFreeze({ ...open, rules: rules.map(setting), ...overrides });
}

/** Only these rules, in this mode, with their defaults. */
export function onlyRules(ids: readonly string[], overrides: Partial<Policy> = {}): Policy {
  const setting = (rule: Rule) => ({
    rule,
    mode: ids.includes(rule.id) ? ('enforce' as const) : ('off' as const),
    fix: rule.fix?.byDefault ?? false,
    options: defaultsOf(rule.options),
  });
  return deepFreeze({ ...open, rules: rules.map(setting), ...overrides });
}

const open: Omit<Policy, 'rules'> = {
  hash: 'test',
  mode: 'enforce',
  fixes: true,
  workloads: 'enforce',
  existing: 'warn',
  controllers: 'enforce',
  annotate: true,
  kubernetesMinor: undefined,
};
