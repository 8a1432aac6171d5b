import type { AuditedSubject } from '../audit/audit-report.ts';
import { changesBehavior, type Outcome, outcomeOf } from '../engine/fate.ts';
import { sentenceOf } from '../engine/messages.ts';
import type { RuleSetting } from '../engine/rule-setting.ts';
import type { ReadOptions } from '../manifests/read-sources.ts';
import { type CommandResult, rejected } from './command-result.ts';
import { evaluateManifests } from './evaluate-manifests.ts';
import { exemptionLines } from './explain-exemptions.ts';
import { namespaceLines } from './explain-namespace.ts';
import { subjectTitle } from './formats/subject-title.ts';
import { noPodsText } from './formats/summary-text.ts';
import { hang, printable } from './output/layout.ts';
import type { Paint, Style } from './output/paint.ts';
import { budgetLines } from './pod-budget.ts';
import type { PolicyOptions } from './policy-options.ts';

/** A rule's result for a subject: a word, and the reasons. */
interface RuleRow {
  readonly rule: string;
  readonly word: Outcome | 'pass' | 'not applicable';
  readonly reasons: readonly string[];
}

/** The requests and every rule's result for each Pod in the files, under the Pod's title. */
export async function explainManifests(
  paths: readonly string[],
  options: PolicyOptions & ReadOptions,
  input: () => NodeJS.ReadableStream,
  paint: Paint,
): Promise<CommandResult> {
  const texts: string[] = [];
  const evaluated = await evaluateManifests(paths, options, input, (subject) => {
    texts.push(subjectText(subject, paint));
  });
  if ('rejections' in evaluated) return rejected(...evaluated.rejections);
  const { problems } = evaluated;
  const messages = [...evaluated.messages, ...evaluated.skippedLines];
  const output = texts.length === 0 ? noPodsText : texts.join('\n\n');
  return { output, messages, exitCode: problems.length === 0 ? 0 : 2 };
}

const styles: Readonly<Record<RuleRow['word'], Style>> = {
  pass: 'good',
  fixed: 'good',
  enforce: 'bad',
  warn: 'careful',
  audit: 'careful',
  exempt: 'faint',
  'not applicable': 'faint',
  off: 'faint',
};

/** The Pod's requests, a row for every enabled rule, then the ids of the others. */
function subjectText(subject: AuditedSubject, paint: Paint): string {
  const all = subject.policy.rules.flatMap((setting) => rowsOf(setting, subject));
  const off = all.filter(({ word }) => word === 'off').map(({ rule }) => rule);
  const on = all.filter(({ word }) => word !== 'off');
  const width = Math.max(...on.map(({ rule }) => rule.length));
  return [
    paint('strong', subjectTitle(subject)),
    ...[...namespaceLines(subject, paint.columns), ...budgetLines(subject, paint.columns)].map((line) =>
      paint('faint', line),
    ),
    '',
    ...on.flatMap((row) => linesOf(row, width, paint)),
    ...(off.length === 0 ? [] : hang('  off: ', off.join(', '), paint.columns).map((line) => paint('faint', line))),
  ].join('\n');
}

function linesOf({ rule, word, reasons }: RuleRow, width: number, paint: Paint): string[] {
  const prefix = `  ${rule.padEnd(width)}  ${word.padEnd('not applicable'.length)}  `;
  if (reasons.length === 0) return [colored(prefix.trimEnd(), word, paint)];
  const [first = '', ...more] = reasons.flatMap((reason) => hang(prefix, reason, paint.columns));
  return [colored(first, word, paint), ...more.map((line) => ' '.repeat(prefix.length) + line.slice(prefix.length))];
}

const colored = (line: string, word: RuleRow['word'], paint: Paint): string =>
  line.replace(`  ${word}`, () => `  ${paint(styles[word], word)}`);

function rowsOf({ rule: { id: rule }, mode }: RuleSetting, subject: AuditedSubject): RuleRow[] {
  const { findings, evaluation } = subject;
  if (mode === 'off' || evaluation.isOff) return [{ rule, word: 'off', reasons: [] }];
  const reason = evaluation.notApplicable.get(rule);
  if (reason !== undefined) return [{ rule, word: 'not applicable', reasons: [reason] }];
  const own = findings.filter((finding) => finding.rule.id === rule);
  if (own.length === 0) return [{ rule, word: 'pass', reasons: [] }];
  return [...Map.groupBy(own, outcomeOf)].map(([word, found]) => ({
    rule,
    word,
    reasons: [
      ...found.map((finding) => `${sentenceOf(finding)}${changesBehavior(finding) ? ' (can change behavior)' : ''}`),
      ...exemptionLines(found, subject),
    ].map(printable),
  }));
}
