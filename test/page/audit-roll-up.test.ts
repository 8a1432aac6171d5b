import { expect, test } from 'vitest';
import type { ScannedSubject } from '../../src/audit/scanned-subject.ts';
import { openAuditRollUp } from '../../src/page/audit-roll-up.ts';
import { workloadOf } from '../../src/page/audit-workload.ts';
import { onlyRules } from '../support/policies.ts';
import { exemption } from '../support/previewed.ts';
import { scannedDeployment } from '../support/scanned-subject.ts';

const policy = onlyRules(['no-privileged-containers'], {
  exemptions: [exemption('known', ['no-privileged-containers'], { workloads: ['Deployment/known'] })],
});

/** The workloads, each with a number of privileged containers, rolled up with at most so many listed. */
function rolledUp(workloads: Readonly<Record<string, number>>, maxWorkloads?: number) {
  const rollUp = openAuditRollUp<ScannedSubject>({
    mode: 'enforce',
    detailed: false,
    groupOf: ({ object }) => object.name.slice(0, 1),
    show: (subject, told, outcomes) => workloadOf(subject, told, outcomes),
    ...(maxWorkloads !== undefined && { maxWorkloads }),
  });
  for (const [name, count] of Object.entries(workloads)) {
    const containers = Array.from({ length: count }, (_, index) => `c${index}`);
    rollUp.add(scannedDeployment(name, containers, policy));
  }
  return rollUp.result();
}

test('all workloads are counted, and those with the gravest outcomes are listed, in their order', () => {
  const { groups, tiles, rules, listed } = rolledUp({ clean: 0, b1: 1, known: 1, b2: 3, c1: 2 }, 2);
  expect(
    groups.map(({ name, counts, workloads }) => ({ name, ...counts, listed: workloads.map(({ title }) => title) })),
  ).toEqual([
    { name: 'b', workloads: 2, having: { denied: 2 }, first: { denied: 2 }, listed: ['Deployment shop/b2'] },
    {
      name: 'c',
      workloads: 2,
      having: { denied: 1, clean: 1 },
      first: { denied: 1, clean: 1 },
      listed: ['Deployment shop/c1'],
    },
    { name: 'k', workloads: 1, having: { exempt: 1 }, first: { exempt: 1 }, listed: [] },
  ]);
  expect(tiles.map(({ label, value, of }) => `${value} of ${of} ${label}`)).toEqual([
    '3 of 5 denied',
    '0 of 5 warned',
    '0 of 5 repaired',
    '1 of 5 nothing to do',
  ]);
  expect(rules.map(({ id, counts }) => ({ id, counts }))).toEqual([
    { id: 'no-privileged-containers', counts: { denied: 3, exempt: 1 } },
  ]);
  expect(listed).toBe('The 2 workloads with the gravest outcomes are listed; 3 more are only counted.');
});

test('without a limit all are listed, and nothing is said', () => {
  const { groups, listed } = rolledUp({ clean: 0, b1: 1 });
  expect(groups.flatMap(({ workloads }) => workloads.map(({ title }) => title))).toEqual([
    'Deployment shop/b1',
    'Deployment shop/clean',
  ]);
  expect(listed).toBeUndefined();
});

test('of a workload, so many findings are shown in short, and the others counted', () => {
  const subject = scannedDeployment('web', ['a', 'b', 'c'], policy);
  const shown = workloadOf(subject, subject.findings, ['denied'], {
    findings: 1,
    remarks: 0,
    text: (text) => text.slice(0, 12),
  });
  expect(shown).toEqual({
    title: 'Deployment s',
    place: '',
    namespace: 'shop',
    outcomes: ['denied'],
    findings: [
      {
        word: 'enforce',
        tone: 'bad',
        rule: 'no-privileged-containers',
        message: 'container "a',
        place: 'spec.templat',
      },
    ],
    moreFindings: 2,
    rules: ['no-privileged-containers'],
    remarks: [],
    diff: '',
  });
});
