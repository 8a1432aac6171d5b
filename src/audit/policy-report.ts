import { isLeft } from '../engine/fate.ts';
import { countOf } from '../engine/tally.ts';
import { type ReportKind, reportKinds } from './report-kind.ts';
import {
  failureOf,
  maxResults,
  passOf,
  type ReportedResult,
  type ReportResult,
  resultOf,
  typeErrorResult,
} from './report-result.ts';
import type { ScannedFinding, ScannedSubject } from './scanned-subject.ts';

/** The Report of a subject; none if there are no findings. */
export interface SubjectReport {
  readonly namespace: string;
  readonly name: string;
  readonly report: Report | undefined;
}

/** The fields of a `Report` or `PolicyReport` that Podwright sets. */
export interface Report {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly namespace: string;
    readonly name: string;
    readonly labels: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
    readonly ownerReferences: readonly ReportedObject[];
  };
  readonly source?: 'podwright';
  readonly scope: ReportedObject & { readonly namespace?: string };
  readonly configuration?: {
    readonly limits: { readonly maxResults: number; readonly statusFilter: readonly ReportResult[] };
  };
  /** Counts all findings, including those that did not fit. */
  readonly summary: Readonly<Partial<Record<ReportResult, number>>>;
  readonly results: readonly ReportedResult[];
}

interface ReportedObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly uid: string;
}

const reportLabels = { 'app.kubernetes.io/managed-by': 'podwright' };

/** The object of a report, and its kind. */
export interface ReportForm {
  readonly kind: ReportKind;
  /** Also the rules that found nothing, and subjects without findings. */
  readonly passes: boolean;
}

const defaultForm: ReportForm = { kind: reportKinds.openreports, passes: false };

/** The number of results that did not fit. */
const leftOutAnnotation = 'podwright.dev/left-out';

/**
 * The Report of a subject: findings that are neither fixed nor exempt, and rules that pass if requested. It is owned by the subject's owner and
 * garbage-collected with it. The same findings always give the same Report, and values of environment variables are
 * never included.
 */
export function reportOf(subject: ScannedSubject, { kind, passes }: ReportForm = defaultForm): SubjectReport {
  const { namespace, object, uid } = subject;
  const name = `podwright-${uid}`;
  const left = subject.findings.filter(isLeft);
  const passed = passes ? subject.passed : [];
  const results = [
    ...subject.typeProblems.map(typeErrorResult),
    ...left.map((finding) => resultOf(finding, subject.messages)),
    ...passed.map(passOf),
  ];
  if (uid === '' || results.length === 0) return { namespace, name, report: undefined };
  const owner: ReportedObject = { apiVersion: object.apiVersion, kind: object.kind, name: object.name, uid };
  const kept = results.slice(0, maxResults);
  const leftOut = subject.typeProblems.length + countOf(left) + passed.length - kept.length;
  const statusFilter: ReportResult[] = ['fail', 'warn', 'error', ...(passes ? (['pass'] as const) : [])];
  const report: Report = {
    apiVersion: kind.apiVersion,
    kind: kind.kind,
    metadata: {
      namespace,
      name,
      labels: reportLabels,
      ...(leftOut > 0 && { annotations: { [leftOutAnnotation]: String(leftOut) } }),
      ownerReferences: [owner],
    },
    ...(kind.isConfigurable && { source: 'podwright' }),
    scope: { ...owner, ...(object.namespace !== undefined && { namespace: object.namespace }) },
    ...(kind.isConfigurable && { configuration: { limits: { maxResults, statusFilter } } }),
    summary: { ...summaryOf(subject.typeProblems, left), ...(passes && { pass: passed.length }) },
    results: kind.isConfigurable ? kept : kept.map((result) => ({ source: 'podwright', ...result })),
  };
  return { namespace, name, report };
}

function summaryOf(
  typeProblems: ScannedSubject['typeProblems'],
  findings: readonly ScannedFinding[],
): Report['summary'] {
  const groups = Map.groupBy(findings, failureOf);
  const summary = Object.fromEntries([...groups].map(([result, all]) => [result, countOf(all)]));
  return typeProblems.length === 0 ? summary : { error: typeProblems.length, ...summary };
}
