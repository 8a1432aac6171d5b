import { Histogram, type Registry } from 'prom-client';
import type { Decision } from '../../admission/decision.ts';
import type { Evaluation } from '../../engine/evaluate.ts';
import { projectedOutcomeOf } from '../../engine/fate.ts';
import { metricFactory } from './metric-factory.ts';
import { namespaceLabel } from './namespace-label.ts';

/** The findings and decisions of admission, and the findings of scans. */
export interface EvaluationMetrics {
  recordDecision(decision: Decision, seconds: number): void;
  /** Records the findings of a scan for one subject. */
  recordScanned(
    subject: Pick<Evaluation, 'findings' | 'failures' | 'rejectedPatch'> & { readonly namespace: string },
  ): void;
}

/** The webhooks by their names in every cluster. Another one checks exemptions of teams, where they are allowed. */
export const webhookNames = [
  'mutate.podwright.dev',
  'pods.validate.podwright.dev',
  'workloads.validate.podwright.dev',
  'policy.validate.podwright.dev',
] as const;
const operations: readonly string[] = ['CREATE', 'UPDATE'];
const verdicts = ['allow', 'deny', 'audit_deny'] as const;
const durationBuckets = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];

/** The labels that these metrics have in one installation. */
export interface EvaluationLabels {
  readonly ruleIds: readonly string[];
  /** The maximum number of namespaces that admission metrics distinguish; 0: no label for them. */
  readonly maxNamespaces: number;
}

/** Series with few labels start at 0. */
export function createEvaluationMetrics(registry: Registry, labels: EvaluationLabels): EvaluationMetrics {
  const namespaces = namespaceLabel(labels.maxNamespaces);
  const series = evaluationSeries(registry, namespaces.names);
  startAtZero(series, labels.ruleIds, namespaces.valuesFor(''));
  const { requests, durations, findings, fixes, failures, rejected } = series;

  function record(
    evaluated: Pick<Evaluation, 'findings' | 'failures' | 'rejectedPatch'>,
    source: Decision['source'] | 'scan',
    namespace: readonly string[],
  ): void {
    for (const finding of evaluated.findings)
      findings(finding.rule.id, finding.mode, projectedOutcomeOf(finding), source, ...namespace).add(1 + finding.more);
    for (const { rule } of evaluated.failures) failures(rule.id).add(1);
    if (evaluated.rejectedPatch !== undefined) rejected.inc();
  }
  return {
    recordDecision(decision, seconds) {
      const { webhook, request, verdict, source } = decision;
      const operation = operations.includes(request.operation) ? request.operation : 'other';
      const namespace = namespaces.valuesFor(request.namespace);
      requests(webhook, operation, verdict, String(request.dryRun), ...namespace).add(1);
      durations.observe({ webhook }, seconds);
      for (const id of decision.fixedRules) fixes(id, ...namespace).add(1);
      record(decision, source, namespace);
    },
    recordScanned: (subject) => record(subject, 'scan', namespaces.valuesFor(subject.namespace)),
  };
}

/** Registers the metrics, in the order in which a scrape lists them. */
function evaluationSeries(registry: Registry, namespace: readonly string[]) {
  const { counter, series } = metricFactory(registry);
  return {
    requests: series(
      'admission_requests_total',
      'Admission requests by verdict',
      'webhook',
      'operation',
      'verdict',
      'dry_run',
      ...namespace,
    ),
    durations: new Histogram({
      name: 'podwright_admission_duration_seconds',
      help: 'Time from request headers to response',
      labelNames: ['webhook'],
      buckets: durationBuckets,
      registers: [registry],
    }),
    findings: series(
      'findings_total',
      'Findings by projected outcome (none, fix, warn, deny)',
      'rule',
      'mode',
      'would',
      'source',
      ...namespace,
    ),
    fixes: series('fixes_total', 'Patched objects by rule', 'rule', ...namespace),
    failures: series('rule_failures_total', 'Rules that could not be evaluated', 'rule'),
    rejected: counter('rejected_patches_total', 'Patches withheld because they would not apply'),
  };
}

function startAtZero(
  { requests, durations, fixes, failures }: ReturnType<typeof evaluationSeries>,
  ruleIds: readonly string[],
  noNamespace: readonly string[],
): void {
  for (const webhook of webhookNames) {
    durations.zero({ webhook });
    for (const operation of operations)
      for (const verdict of verdicts)
        for (const dryRun of ['false', 'true']) requests(webhook, operation, verdict, dryRun, ...noNamespace).add(0);
  }
  for (const id of ruleIds) {
    fixes(id, ...noNamespace).add(0);
    failures(id).add(0);
  }
}
