import type {
  ArtifactLocation,
  Log,
  Notification,
  PhysicalLocation,
  ReportingDescriptor,
  Result,
  Suppression,
} from 'sarif';
import type { AuditFinding, ReportedSubject } from '../../audit/audit-report.ts';
import { isComment } from '../../audit/comment-exemption.ts';
import { changesBehavior, isExempt, onlyRecords } from '../../engine/fate.ts';
import { repository, rulePage } from '../../engine/links.ts';
import { sentenceOf, titleOf } from '../../engine/messages.ts';
import type { Mode, Rule, Severity } from '../../engine/rule.ts';
import { fieldPath } from '../../patch/pointer.ts';
import { version } from '../../version.ts';
import { printable, visible } from '../output/layout.ts';
import { fileOfFinding } from './finding-place.ts';
import type { Presentation } from './presentation.ts';
import { ruleHelp } from './rule-help.ts';
import { sarifFix } from './sarif-fixes.ts';

type Level = 'error' | 'warning' | 'note';

const levels: Readonly<Record<Mode, Level>> = { enforce: 'error', warn: 'warning', audit: 'note', off: 'note' };

/** GitHub's thresholds: over 9 critical, over 7 high, over 4 medium. */
const securitySeverities: Readonly<Record<Severity, string>> = {
  critical: '9.5',
  high: '8.0',
  medium: '5.5',
  low: '2.5',
  info: '0.5',
};

/** The audit as SARIF 2.1.0, for code scanning and editors. */
export function auditSarif(presentation: Presentation): string {
  const { report, policy, problems } = presentation;
  const settings = policy.rules.filter(({ rule, mode }) => mode !== 'off' || isFound(rule, presentation));
  const indices = new Map(settings.map(({ rule }, index) => [rule.id, index]));
  const log: Log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'Podwright',
            semanticVersion: version,
            informationUri: repository,
            rules: settings.map(({ rule, mode }) => ruleOf(rule, mode)),
          },
        },
        automationDetails: { id: 'podwright/' },
        columnKind: 'utf16CodeUnits',
        originalUriBaseIds: { '%SRCROOT%': { description: { text: 'The root of the repository.' } } },
        invocations: [
          {
            executionSuccessful: problems.length === 0,
            toolExecutionNotifications: problems.map((problem): Notification => {
              const location = locationOf(problem.file, problem.position, presentation);
              return {
                level: 'error',
                message: { text: printable(problem.message) },
                ...(location !== undefined && { locations: [{ physicalLocation: location }] }),
              };
            }),
          },
        ],
        results: report.subjects.flatMap((subject) =>
          subject.findings.map((finding) => ({
            ...resultOf(finding, subject, presentation),
            ruleIndex: indices.get(finding.rule.id) ?? -1,
            ...fixesOf(finding, presentation),
          })),
        ),
      },
    ],
  };
  return visible(JSON.stringify(log, undefined, 2));
}

const isFound = (rule: Rule, { report }: Presentation): boolean =>
  report.subjects.some(({ findings }) => findings.some((finding) => finding.rule.id === rule.id));

function ruleOf(rule: Rule, mode: Mode): ReportingDescriptor {
  const help = ruleHelp(rule);
  return {
    id: rule.id,
    name: rule.id.replaceAll(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase()),
    shortDescription: { text: rule.docs.summary },
    fullDescription: { text: rule.docs.why },
    help: { text: `${rule.docs.why} See ${rulePage(rule.id)}.`, markdown: help },
    helpUri: rulePage(rule.id),
    defaultConfiguration: { level: levels[mode] },
    properties: {
      tags: ['kubernetes', rule.category, rule.group],
      precision: 'high',
      'problem.severity': levels[mode] === 'note' ? 'recommendation' : levels[mode],
      ...(rule.category === 'security' && { 'security-severity': securitySeverities[rule.severity] }),
    },
  };
}

/** A finding that is repaired at admission is only a note. */
function resultOf(finding: AuditFinding, subject: ReportedSubject, presentation: Presentation): Result {
  const { rule, mode, fixed, objectPath, exemption } = finding;
  const place = locationOf(fileOfFinding(finding, subject), finding.position, presentation);
  const repaired = onlyRecords(subject) ? 'would be repaired at admission' : 'is repaired at admission';
  const risk = changesBehavior(finding) ? ', which can change behavior' : '';
  const text = printable(sentenceOf(finding));
  return {
    ruleId: rule.id,
    level: fixed ? 'note' : levels[mode],
    message: { text: fixed ? `${text} (${repaired}${risk})` : text },
    locations: [
      {
        ...(place !== undefined && { physicalLocation: place }),
        logicalLocations: [
          {
            name: printable(subject.object.name),
            fullyQualifiedName: printable(`${titleOf({ ...subject.object, podPath: '' })}#${fieldPath(objectPath)}`),
            kind: 'resource',
          },
        ],
      },
    ],
    partialFingerprints: { 'podwright/v1': presentation.report.fingerprints.get(finding) ?? '' },
    ...(exemption !== undefined && isExempt(finding) && { suppressions: [suppressionOf(exemption)] }),
    properties: { mode, fixed },
  };
}

function suppressionOf(exemption: NonNullable<AuditFinding['exemption']>): Suppression {
  const { name, reason, owner } = exemption;
  if (isComment(exemption)) return { kind: 'inSource', status: 'accepted', justification: reason };
  return { kind: 'external', status: 'accepted', justification: `${reason} (exemption ${name} of ${owner})` };
}

function locationOf(
  file: string | undefined,
  position: AuditFinding['position'],
  presentation: Presentation,
): PhysicalLocation | undefined {
  const artifactLocation = file === undefined ? undefined : artifactOf(file, presentation);
  if (artifactLocation === undefined) return undefined;
  return {
    artifactLocation,
    ...(position !== undefined && { region: { startLine: position.line, startColumn: position.column } }),
  };
}

function artifactOf(file: string, { repositoryPath }: Presentation): ArtifactLocation | undefined {
  const path = repositoryPath(file);
  return path === undefined
    ? undefined
    : { uri: path.split('/').map(encodeURIComponent).join('/'), uriBaseId: '%SRCROOT%' };
}

function fixesOf(finding: AuditFinding, presentation: Presentation): Pick<Result, 'fixes'> {
  const repair = presentation.report.repairs.get(finding);
  const artifact = repair && artifactOf(repair.file, presentation);
  return repair === undefined || artifact === undefined ? {} : { fixes: [sarifFix(finding, repair, artifact)] };
}
