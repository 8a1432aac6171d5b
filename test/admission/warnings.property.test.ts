import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { EvaluatedFinding } from '../../src/engine/evaluate.ts';
import { warningsOf } from '../../src/engine/messages.ts';
import { quoted } from '../../src/engine/quoted.ts';
import { rules } from '../../src/rules/index.ts';
import { anyCharacter } from '../support/any-character.ts';

const word = fc.oneof(
  { weight: 4, arbitrary: fc.stringMatching(/^[a-zA-Z.:/,-]{1,14}$/) },
  {
    weight: 1,
    arbitrary: fc.string({ unit: anyCharacter, minLength: 1, maxLength: 90 }).map((value) => quoted(value)),
  },
);
const clause = (max: number) => fc.array(word, { minLength: 1, maxLength: max }).map((words) => words.join(' '));
const container = fc.option(fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/), { nil: undefined });
const finding = fc
  .record({ rule: fc.constantFrom(...rules), problem: clause(20), advice: fc.option(clause(14)), container })
  .map(({ rule, problem, advice, container: name }) => ({
    advice,
    message: advice === null ? problem : `${problem}; ${advice}`,
    finding: { rule, container: name, message: advice === null ? problem : `${problem}; ${advice}` },
  }));

const bytes = (text: string): number => Buffer.byteLength(text);
const wordsOf = (text: string): Set<string> => new Set(text.split(/[ ;]+/));

test('a warning is cut between words, at most 120 characters and 256 bytes long, and keeps advice that fits', () => {
  fc.assert(
    fc.property(finding, ({ finding: found, message, advice }) => {
      const [warning = '', ...others] = warningsOf([found as EvaluatedFinding]);
      expect(others).toEqual([]);
      expect([...warning].length).toBeLessThanOrEqual(120);
      expect(bytes(warning)).toBeLessThanOrEqual(256);
      const end = ` (${found.rule.id})`;
      expect([warning.startsWith('podwright: '), warning.endsWith(end)]).toEqual([true, true]);
      const text = warning.slice('podwright: '.length, -end.length);
      const given = wordsOf(`container ${quoted(found.container ?? '')}: ${message}`);
      expect([...wordsOf(text)].filter((part) => part !== '…' && !given.has(part))).toEqual([]);
      if (advice !== null && !advice.includes('; ') && bytes(advice) <= 120 - bytes(`podwright: ${end}`))
        expect(text.endsWith(advice.replace(/ \([^()]*\)$/, ''))).toBe(true);
    }),
    { numRuns: 300 },
  );
});
