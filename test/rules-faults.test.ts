import { expect, test } from 'vitest';
import { rules } from '../src/rules/index.ts';
import { casesOf, evaluateCase } from './support/rule-cases.ts';

/** Rules of whose findings the place says all: what is there is as bad with any other value at fault. */
const placeSaysAll = new Set([
  'consistent-pull-policy',
  'declared-probe-ports',
  'drop-all-capabilities',
  'minimum-qos-class',
  'named-ports',
  'no-bare-pods',
  'no-host-ipc',
  'no-host-network',
  'no-host-pid',
  'no-host-process',
  'no-port-clash',
  'no-privilege-escalation',
  'no-privileged-containers',
  'no-root-user',
  'no-secrets-in-env',
  'no-shared-process-namespace',
  'pre-stop-sleep',
  'read-only-root-filesystem',
  'require-cpu-request',
  'require-liveness-probe',
  'require-memory-limit',
  'require-memory-request',
  'require-readiness-probe',
  'role-based-container-names',
  'runnable-pre-stop',
]);

test('of every rule it is decided whether the place of a finding says how bad it is', () => {
  const withFault = new Set(rules.filter((rule) => casesOf(rule.id).some((one) => faultsOf(rule, one).length > 0)));
  const undecided = rules.filter((rule) => withFault.has(rule) === placeSaysAll.has(rule.id));
  expect(undecided.map(({ id }) => id)).toEqual([]);
  expect([...placeSaysAll].filter((id) => !rules.some((rule) => rule.id === id))).toEqual([]);
});

const faultsOf = (rule: (typeof rules)[number], one: ReturnType<typeof casesOf>[number]) =>
  evaluateCase(rule, one).findings.filter((finding) => finding.rule === rule && finding.fault !== undefined);
