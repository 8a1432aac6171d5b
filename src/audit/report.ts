import { isLeft } from '../engine/fate.ts';
import { countOf } from '../engine/tally.ts';
import {
  failureOf,
  maxResults,
  type ReportedResult,
  type ReportResult,
  resultOf,
  typeErrorResult,
} from './report-result.ts';
import type { ScannedFinding, ScannedSubject } from './scanned-subject.ts';

/** Which Report a subject has: none while there is nothing to say about it. */
export interface SubjectReport {
  readonly namespace: string;
  readonly name: string;
  readonly report: Report | undefined;
}

/** A `Report` of openreports.io/v1alpha1, as far as this program fills it in. */
export interface Report {
  readonly apiVersion: 'openreports.io/v1alpha1';
  readonly kind: 'Report';
  readonly metadata: {
    readonly namespace: string;
    readonly name: string;
    readonly labels: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
    readonly ownerReferences: readonly ReportedObject[];
  };
  readonly source: 'podwright';
  readonly scope: ReportedObject & { readonly namespace?: string };
  readonly configuration: {
    readonly limits: { readonly maxResults: number; readonly statusFilter: readonly ReportResult[] };
  };
  /** Of all that was found, whether or not there was room for it. */
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

/** How many results there was no room for. */
const leftOutAnnotation = 'podwright.dev/left-out';

/**
 * The Report of a subject: what is left over, neither fixed nor exempt. It belongs to the subject's owner and is
 * collected with it. The same findings always make the same Report; no value of an environment variable is in it.
 */
export function reportOf(subject: ScannedSubject): SubjectReport {
  const { namespace, object, uid } = subject;
  const name = `podwright-${uid}`;
  const left = subject.findings.filter(isLeft);
  const results = [
    ...subject.typeProblems.map(typeErrorResult),
    ...left.map((finding) => resultOf(finding, subject.messages)),
  ];
  if (uid === '' || results.length === 0) return { namespace, name, report: undefined };
  const owner: ReportedObject = { apiVersion: object.apiVersion, kind: object.kind, name: object.name, uid };
  const kept = results.slice(0, maxResults);
  const leftOut = subject.typeProblems.length + countOf(left) - kept.length;
  const report: Report = {
    apiVersion: 'openreports.io/v1alpha1',
    kind: 'Report',
    metadata: {
      namespace,
      name,
      labels: reportLabels,
      ...(leftOut > 0 && { annotations: { [leftOutAnnotation]: String(leftOut) } }),
      ownerReferences: [owner],
    },
    source: 'podwright',
    scope: { ...owner, ...(object.namespace !== undefined && { namespace: object.namespace }) },
    configuration: { limits: { maxResults, statusFilter: ['fail', 'warn', 'error'] } },
    summary: summaryOf(subject.typeProblems, left),
    results: kept,
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
