import { defaultsOf } from '../../src/engine/options.ts';
import type { Policy } from '../../src/engine/policy.ts';
import type { Rule } from '../../src/engine/rule.ts';
import { rules } from '../../src/rules/index.ts';
import { deepFreeze } from './deep-freeze.ts';

/** Every rule `enforce` with its fix on, and with options that let each fix act. */
export function everythingOn(overrides: Partial<Policy> = {}): Policy {
  const chosen: Record<string, object> = {
    'allowed-registries': { allowed: ['registry.example'] },
    'declared-probe-ports': { numbers: true },
    'drop-all-capabilities': { fixAll: true },
    'explicit-user-and-group': { runAsUser: 1000, runAsGroup: 3000, fsGroup: 2000 },
    'limit-empty-dir': { default: '1Gi' },
    'minimum-qos-class': { minimum: 'Guaranteed', criticalPriorityClasses: ['system-node-critical'] },
    'pre-stop-sleep': { sidecars: true, daemonSets: true },
    'require-cpu-request': { default: '100m', initContainers: true },
    'require-liveness-probe': { everyContainer: true },
    'require-memory-request': { default: '128Mi', initContainers: true },
    'require-readiness-probe': { everyContainer: true },
    'require-scratch-space': { paths: ['/tmp', '/var/log'] },
  };
  const setting = (rule: Rule) => ({
    rule,
    mode: 'enforce' as const,
    fix: rule.fix !== undefined,
    options: { ...defaultsOf(rule.options), ...chosen[rule.id] },
  });
  return deepFreeze({ ...openPolicy, rules: rules.map(setting), ...overrides });
}

/** The policy with these options of these rules changed. */
export const withOptions = (policy: Policy, options: Readonly<Record<string, object>>): Policy => ({
  ...policy,
  rules: policy.rules.map((setting) => ({
    ...setting,
    options: { ...setting.options, ...options[setting.rule.id] },
  })),
});

/** Only these rules, in this mode, with their defaults. */
export function onlyRules(ids: readonly string[], overrides: Partial<Policy> = {}): Policy {
  const setting = (rule: Rule) => ({
    rule,
    mode: ids.includes(rule.id) ? ('enforce' as const) : ('off' as const),
    fix: rule.fix?.byDefault ?? false,
    options: defaultsOf(rule.options),
  });
  return deepFreeze({ ...openPolicy, rules: rules.map(setting), ...overrides });
}

/** The policy with its first rule that is on as one that throws. */
export function withBrokenRule(policy: Policy): Policy {
  const first = policy.rules.findIndex(({ mode }) => mode !== 'off');
  const check = (): never => {
    throw new Error('broken');
  };
  return {
    ...policy,
    rules: policy.rules.map((setting, index) =>
      index === first ? { ...setting, rule: { ...setting.rule, check } } : setting,
    ),
  };
}

/** A policy without ceilings, but for its rules. */
export const openPolicy: Omit<Policy, 'rules'> = {
  hash: 'test',
  mode: 'enforce',
  fixes: true,
  workloads: 'enforce',
  existing: 'warn',
  controllers: 'enforce',
  annotate: true,
  messages: {},
  kubernetesMinor: undefined,
  namespaces: [],
  exemptions: [],
  operators: [],
  podTemplates: [],
};
