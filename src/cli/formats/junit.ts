import type { AuditFinding, ReportedSubject } from '../../audit/audit-report.ts';
import { outcomeText } from '../../audit/outcome-words.ts';
import { isExempt, isLeft } from '../../engine/fate.ts';
import { rulePage } from '../../engine/links.ts';
import { sentenceOf } from '../../engine/messages.ts';
import { isAtLeast } from '../../engine/policy.ts';
import type { RuleSetting } from '../../engine/rule-setting.ts';
import { type Html as Markup, none, html as xml } from '../../page/html.ts';
import { fieldPath } from '../../patch/pointer.ts';
import { printable } from '../output/layout.ts';
import { placeInSubject } from './finding-place.ts';
import type { KeptSubject } from './kept-subject.ts';
import type { Presentation } from './presentation.ts';
import { subjectName, subjectTitle } from './subject-title.ts';

/** A JUnit test case: a rule's result for a subject. */
interface TestCase {
  readonly result: 'passed' | 'failure' | 'error' | 'skipped';
  readonly markup: Markup;
}

/**
 * The audit for tools that display test results: a suite per subject, a test per enabled rule. Tools identify a test by
 * its class and name, and some drop all but the first of equal ones, so each pair occurs once.
 */
export function auditJunit(presentation: Presentation): string {
  const { report, problems } = presentation;
  const distinct = openDistinctNames();
  const suites = [
    ...(problems.length === 0 ? [] : [suite('invalid input', problems.map(problemCase(distinct)))]),
    ...report.subjects.map((subject) =>
      suite(subjectTitle(subject), casesOf(subject, distinct(subjectName(subject)), presentation)),
    ),
  ];
  return xml`<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="podwright">
${suites}</testsuites>
`.markup.replaceAll(notXml, '\uFFFD');
}

/** The characters that XML 1.0 does not allow, even escaped. */
const notXml = /[^\t\n\r -\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu;

/** Numbers the repetitions of a name: `web`, `web (2)`. */
function openDistinctNames(): (name: string) => string {
  const counts = new Map<string, number>();
  return (name) => {
    const count = (counts.get(name) ?? 0) + 1;
    counts.set(name, count);
    return count === 1 ? name : `${name} (${count})`;
  };
}

function suite(name: string, cases: readonly TestCase[]): Markup {
  const count = (wanted: TestCase['result']): number => cases.filter(({ result }) => result === wanted).length;
  return xml`  <testsuite name="${name}" tests="${cases.length}" failures="${count('failure')}" errors="${count('error')}" skipped="${count('skipped')}" time="0">
${cases.map(({ markup }) => markup)}  </testsuite>
`;
}

const problemCase =
  (distinct: (name: string) => string) =>
  ({ file, position, message }: Presentation['problems'][number]): TestCase => {
    const place = position === undefined ? file : `${file}:${position.line}:${position.column}`;
    return testCase('error', distinct(place), 'input', xml`<error message="${printable(message)}"/>`);
  };

/** A subject from a cluster does not record passed rules: only its findings are listed. */
function casesOf(subject: KeptSubject, name: string, presentation: Presentation): TestCase[] {
  const byRule = Map.groupBy(subject.findings, ({ rule }) => rule.id);
  const settings = (subject.policy ?? presentation.policy).rules;
  const isShown = ({ rule, mode }: RuleSetting): boolean =>
    byRule.has(rule.id) || (mode !== 'off' && subject.evaluation?.isOff === false);
  return settings.filter(isShown).map(({ rule }) => {
    const own = byRule.get(rule.id) ?? [];
    const left = own.filter(isLeft);
    const reason = subject.evaluation?.notApplicable.get(rule.id) ?? exemptReason(own);
    const details = own.map((finding) => lineOf(finding, subject)).join('\n');
    if (left.some((finding) => fails(finding, presentation)))
      return testCase('failure', rule.id, name, failureOf(left, `${details}\n${rulePage(rule.id)}`));
    if (left.length === 0 && reason !== undefined)
      return testCase('skipped', rule.id, name, xml`<skipped message="${printable(reason)}"/>`);
    return testCase('passed', rule.id, name, details === '' ? none : xml`<system-out>${details}</system-out>`);
  });
}

function testCase(result: TestCase['result'], name: string, classname: string, content: Markup): TestCase {
  const attributes = xml`name="${printable(name)}" classname="${classname}" time="0"`;
  const isEmpty = content.markup === '';
  const markup = isEmpty ? xml`<testcase ${attributes}/>` : xml`<testcase ${attributes}>${content}</testcase>`;
  return { result, markup: xml`    ${markup}\n` };
}

const fails = ({ mode }: AuditFinding, { failOn }: Presentation): boolean =>
  failOn !== 'never' && isAtLeast(mode, failOn);

function failureOf([first]: readonly AuditFinding[], details: string): Markup {
  if (first === undefined) return none;
  return xml`<failure type="${first.mode}" message="${printable(sentenceOf(first))}">${details}</failure>`;
}

/** The reason if all findings are covered by an exemption. */
function exemptReason(findings: readonly AuditFinding[]): string | undefined {
  const exemption = findings.find(isExempt)?.exemption;
  return exemption && `exempt: ${exemption.reason} (${exemption.name} of ${exemption.owner})`;
}

/** `warn 14:9 container "app": … [spec.containers[0]]`. */
function lineOf(finding: AuditFinding, subject: ReportedSubject): string {
  const { objectPath } = finding;
  const place = ` ${placeInSubject(finding)}`.trimEnd();
  return printable(`${outcomeText(finding, subject)}${place} ${sentenceOf(finding)} [${fieldPath(objectPath)}]`);
}
