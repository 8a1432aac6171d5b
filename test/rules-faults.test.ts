import { expect, test } from 'vitest';
import { rules } from '../src/rules/index.ts';
import { casesOf, evaluateCase } from './support/rule-cases.ts';

test('each fixture shows what is at fault, or declares that the place of a finding says all', () => {
  const undecided = rules.filter((rule) => {
    const cases = casesOf(rule.id);
    return cases.some((one) => faultsOf(rule, one).length > 0) === cases.some(({ placeSaysAll }) => placeSaysAll);
  });
  expect(undecided.map(({ id }) => id)).toEqual([]);
});

const faultsOf = (rule: (typeof rules)[number], one: ReturnType<typeof casesOf>[number]) =>
  evaluateCase(rule, one).findings.filter((finding) => finding.rule === rule && finding.fault !== undefined);
