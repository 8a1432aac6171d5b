import { monitorEventLoopDelay } from 'node:perf_hooks';
import { version as nodeVersion } from 'node:process';
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { Decision } from '../../admission/decision.ts';
import type { Evaluation } from '../../engine/evaluate.ts';
import { wouldBe } from '../../engine/fate.ts';
import type { Policy } from '../../engine/policy.ts';
import type { Intake } from '../http/index.ts';
import { seriesOf } from './metric-series.ts';
import { namespaceLabel } from './namespace-label.ts';

/** The metrics of the server. */
export interface Metrics {
  readonly registry: Registry;
  recordDecision(decision: Decision, seconds: number): void;
  /** Records the findings of a scan for one subject. */
  recordScanned(
    subject: Pick<Evaluation, 'findings' | 'failures' | 'rejectedPatch'> & { readonly namespace: string },
  ): void;
  /** Counts a call that was rejected to keep the server available. */
  shed(reason: ShedReason): void;
  /** Counts a caller that was rejected because it has no valid client certificate. */
  clientRefused(reason: ClientRefusal): void;
  deadlineExceeded(): void;
  /** Counts an HTTP error response. */
  refused(status: number): void;
  /** A policy was read, valid or not. */
  policyLoaded(isValid: boolean): void;
  policyInForce(policy: Pick<Policy, 'hash' | 'mode'>): void;
  certificateExpires(at: Date): void;
  logLineDropped(): void;
  watchIntake(intake: Intake): void;
  /** Stops background measurements. */
  close(): void;
}

const shedReasons = ['bytes', 'idle', 'unproven'] as const;
/** The exhausted resource: memory for bodies, idle connections, or connections without an answered review. */
export type ShedReason = (typeof shedReasons)[number];

/** Why a client certificate was rejected. */
export type ClientRefusal = 'missing' | 'expired' | 'untrusted' | 'name';

/** The webhooks by their names in every cluster. Another one checks exemptions of teams, where they are allowed. */
export const webhookNames = [
  'mutate.podwright.dev',
  'pods.validate.podwright.dev',
  'workloads.validate.podwright.dev',
  'policy.validate.podwright.dev',
] as const;
const operations = ['CREATE', 'UPDATE'] as const;
const verdicts = ['allow', 'deny', 'audit_deny'] as const;
const durationBuckets = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];
const delayResolutionMs = 20;

/** Uses a registry of its own, so that two servers in one process do not conflict. Series with few labels start at 0. */
export function createMetrics(about: {
  readonly version: string;
  readonly ruleIds: readonly string[];
  /** The maximum number of namespaces that admission metrics distinguish; 0: no label for them. */
  readonly maxNamespaces: number;
}): Metrics {
  const namespaces = namespaceLabel(about.maxNamespaces);
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: 100 });
  const counter = (name: string, help: string, ...labelNames: string[]) =>
    new Counter({ name: `podwright_${name}`, help, labelNames, registers });
  const gauge = (name: string, help: string, ...labelNames: string[]) =>
    new Gauge({ name: `podwright_${name}`, help, labelNames, registers });
  const measured = (name: string, help: string, read: () => number) =>
    new Gauge({
      name: `podwright_${name}`,
      help,
      registers,
      collect() {
        this.set(read());
      },
    });

  const requests = seriesOf(
    counter(
      'admission_requests_total',
      'Admission requests by verdict',
      'webhook',
      'operation',
      'verdict',
      'dry_run',
      ...namespaces.names,
    ),
  );
  const durations = new Histogram({
    name: 'podwright_admission_duration_seconds',
    help: 'Time from request headers to response',
    labelNames: ['webhook'],
    buckets: durationBuckets,
    registers,
  });
  const shed = seriesOf(
    counter('admission_shed_total', 'Requests rejected and connections closed under overload', 'reason'),
  );
  const clients = counter(
    'client_certificates_refused_total',
    'Callers rejected because of their client certificate',
    'reason',
  );
  const late = counter('admission_deadline_exceeded_total', 'Responses sent after the timeout requested by the caller');
  const refused = counter('admission_refused_total', 'Requests answered with an HTTP error', 'status');
  const findings = seriesOf(
    counter(
      'findings_total',
      'Findings by projected outcome (none, fix, warn, deny)',
      'rule',
      'mode',
      'would',
      'source',
      ...namespaces.names,
    ),
  );
  const fixes = seriesOf(counter('fixes_total', 'Patched objects by rule', 'rule', ...namespaces.names));
  const failures = seriesOf(counter('rule_failures_total', 'Rules that could not be evaluated', 'rule'));
  const rejected = counter('rejected_patches_total', 'Patches withheld because they would not apply');
  const reloads = seriesOf(counter('policy_reloads_total', 'Loads of the policy file', 'result'));
  const isLoaded = gauge('policy_last_reload_successful', '1 if the policy in force matches the policy file');
  const loadedAt = gauge('policy_last_reload_timestamp_seconds', 'When the policy in force was loaded');
  const inForce = gauge('policy_info', 'The policy in force', 'hash', 'mode');
  const expiry = gauge('certificate_expiry_timestamp_seconds', 'When the serving certificate expires');
  const dropped = counter(
    'log_lines_dropped_total',
    'Log lines dropped because they could not be written or were not read in time',
  );
  gauge('build_info', 'The running version', 'version', 'node').set({ version: about.version, node: nodeVersion }, 1);

  const delay = monitorEventLoopDelay({ resolution: delayResolutionMs });
  delay.enable();
  measured('event_loop_delay_seconds', 'Longest delay of the event loop since the last scrape', () => {
    // The monitor measures between the ticks of its own timer.
    const seconds = Math.max(0, delay.max / 1e9 - delayResolutionMs / 1e3);
    delay.reset();
    return seconds;
  });
  let intake: Pick<Intake, 'inFlight'> = { inFlight: 0 };
  measured('admission_in_flight', 'Requests being read or evaluated', () => intake.inFlight);

  const noNamespace = namespaces.valuesFor('');
  for (const webhook of webhookNames) {
    durations.zero({ webhook });
    for (const operation of operations)
      for (const verdict of verdicts)
        for (const dryRun of ['false', 'true']) requests(webhook, operation, verdict, dryRun, ...noNamespace).inc(0);
  }
  for (const reason of shedReasons) shed(reason).inc(0);
  for (const result of ['success', 'failure']) reloads(result).inc(0);
  for (const id of about.ruleIds) {
    fixes(id, ...noNamespace).inc(0);
    failures(id).inc(0);
  }

  function recordBroken(evaluated: Pick<Evaluation, 'failures' | 'rejectedPatch'>): void {
    for (const { rule } of evaluated.failures) failures(rule.id).inc();
    if (evaluated.rejectedPatch !== undefined) rejected.inc();
  }
  return {
    registry,
    recordDecision(decision, seconds) {
      const { webhook, request, verdict, source } = decision;
      const operation = operations.find((known) => known === request.operation) ?? 'other';
      const namespace = namespaces.valuesFor(request.namespace);
      requests(webhook, operation, verdict, String(request.dryRun), ...namespace).inc();
      durations.observe({ webhook }, seconds);
      for (const finding of decision.findings)
        findings(finding.rule.id, finding.mode, wouldBe(finding), source, ...namespace).inc(1 + finding.more);
      for (const id of decision.fixedRules) fixes(id, ...namespace).inc();
      recordBroken(decision);
    },
    recordScanned(subject) {
      const namespace = namespaces.valuesFor(subject.namespace);
      for (const finding of subject.findings)
        findings(finding.rule.id, finding.mode, wouldBe(finding), 'scan', ...namespace).inc(1 + finding.more);
      recordBroken(subject);
    },
    shed: (reason) => shed(reason).inc(),
    clientRefused: (reason) => clients.inc({ reason }),
    deadlineExceeded: () => late.inc(),
    refused: (status) => refused.inc({ status }),
    policyLoaded(isValid) {
      reloads(isValid ? 'success' : 'failure').inc();
      isLoaded.set(Number(isValid));
    },
    policyInForce({ hash, mode }) {
      loadedAt.setToCurrentTime();
      inForce.reset();
      inForce.set({ hash, mode }, 1);
    },
    certificateExpires: (at) => expiry.set(at.getTime() / 1000),
    logLineDropped: () => dropped.inc(),
    watchIntake(watched) {
      intake = watched;
    },
    close: () => delay.disable(),
  };
}
