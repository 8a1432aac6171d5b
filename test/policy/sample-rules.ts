import { defineRule, type Rule, type RuleDocs } from '../../src/engine/rule.ts';

const docs: RuleDocs = { summary: 'The summary.', why: 'why', bad: 'bad', good: 'good', source: 'source' };

const preStopSleep = defineRule({
  id: 'pre-stop-sleep',
  group: 'life-cycle',
  category: 'reliability',
  severity: 'medium',
  mode: 'warn',
  fix: { byDefault: true, risk: 'behavior', effect: 'It adds a hook.' },
  docs,
  options: {
    seconds: { description: 'How long.', type: 'integer', default: 10, minimum: 1, maximum: 300 },
    ignoredPorts: {
      description: 'Port names.',
      type: 'array',
      items: { type: 'string', minLength: 1 },
      default: ['a', 'b'],
    },
    exec: { description: 'Whether exec will do.', type: 'boolean', default: false },
  },
  presets: { strict: { seconds: 20 } },
  check: () => [],
});

const requireMemoryRequest = defineRule({
  id: 'require-memory-request',
  group: 'resources',
  category: 'reliability',
  severity: 'medium',
  mode: 'enforce',
  fix: { byDefault: false, risk: 'behavior', effect: 'It adds a request.' },
  docs,
  options: {
    default: { description: 'What to request.', type: 'string', format: 'quantity' },
    minimum: { description: 'QoS.', type: 'string', enum: ['Burstable', 'Guaranteed'], default: 'Burstable' },
  },
  since: 2,
  check: () => [],
});

const limitCapabilities = defineRule({
  id: 'limit-capabilities',
  group: 'pod-security',
  category: 'security',
  severity: 'high',
  mode: 'enforce',
  fix: { byDefault: true, risk: 'none', effect: 'It drops.' },
  docs,
  options: {
    allowed: {
      description: 'Names.',
      type: 'array',
      items: { type: 'string', minLength: 1, pattern: '^[A-Z_]+$' },
      default: ['CHOWN', 'KILL'],
    },
  },
  presets: { recommended: { allowed: ['CHOWN'] }, 'pss-baseline': {}, 'pss-restricted': { allowed: [] } },
  check: () => [],
});

const noHostPath = defineRule({
  id: 'no-host-path',
  group: 'pod-security',
  category: 'security',
  severity: 'critical',
  mode: 'off',
  docs,
  options: {},
  presets: { 'pss-restricted': {} },
  check: () => [],
});

/** One rule of every make; not in the order of their ids. */
export const sampleRules: readonly Rule[] = [preStopSleep, requireMemoryRequest, limitCapabilities, noHostPath];
