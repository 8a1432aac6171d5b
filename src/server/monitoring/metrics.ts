import { monitorEventLoopDelay } from 'node:perf_hooks';
import { version as nodeVersion } from 'node:process';
import { collectDefaultMetrics, Registry } from 'prom-client';
import type { Policy } from '../../engine/policy.ts';
import type { Intake } from '../http/index.ts';
import { createEvaluationMetrics, type EvaluationLabels, type EvaluationMetrics } from './evaluation-metrics.ts';
import { type MetricFactory, metricFactory } from './metric-factory.ts';

/** The metrics of the server. */
export interface Metrics extends EvaluationMetrics, ServingMetrics, PolicyMetrics {
  readonly registry: Registry;
  /** Stops background measurements. */
  close(): void;
}

interface ServingMetrics {
  /** Counts a call that was rejected to keep the server available. */
  shed(reason: ShedReason): void;
  /** Counts a caller that was rejected because it has no valid client certificate. */
  clientRejected(reason: ClientRejection): void;
  deadlineExceeded(): void;
  /** Counts an HTTP error response. */
  rejected(status: number): void;
  certificateExpires(at: Date): void;
  logLineDropped(): void;
  watchIntake(intake: Pick<Intake, 'inFlight'>): void;
}

interface PolicyMetrics {
  /** A policy was read, valid or not. */
  policyLoaded(isValid: boolean): void;
  policyInForce(policy: Pick<Policy, 'hash' | 'mode'>): void;
}

const shedReasons = ['bytes', 'idle', 'unproven'] as const;
/** The exhausted resource: memory for bodies, idle connections, or connections without an answered review. */
export type ShedReason = (typeof shedReasons)[number];

/** Why a client certificate was rejected. */
export type ClientRejection = 'missing' | 'expired' | 'untrusted' | 'name';

const delayResolutionMs = 20;

/** Uses a registry of its own, so that two servers in one process do not conflict. */
export function createMetrics({ version, ...labels }: EvaluationLabels & { readonly version: string }): Metrics {
  const registry = new Registry();
  const factory = metricFactory(registry);
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: 100 });
  factory.gauge('build_info', 'The running version', 'version', 'node').set({ version, node: nodeVersion }, 1);
  const delay = measureEventLoop(factory);
  return {
    registry,
    ...createEvaluationMetrics(registry, labels),
    ...createServingMetrics(factory),
    ...createPolicyMetrics(factory),
    close: () => delay.disable(),
  };
}

function measureEventLoop({ measured }: MetricFactory) {
  const delay = monitorEventLoopDelay({ resolution: delayResolutionMs });
  delay.enable();
  measured('event_loop_delay_seconds', 'Longest delay of the event loop since the last scrape', () => {
    // The monitor measures between the ticks of its own timer.
    const seconds = Math.max(0, delay.max / 1e9 - delayResolutionMs / 1e3);
    delay.reset();
    return seconds;
  });
  return delay;
}

function createServingMetrics({ counter, series, gauge, measured }: MetricFactory): ServingMetrics {
  const shed = series('admission_shed_total', 'Requests rejected and connections closed under overload', 'reason');
  for (const reason of shedReasons) shed(reason).add(0);
  const clients = counter(
    'client_certificates_refused_total',
    'Callers rejected because of their client certificate',
    'reason',
  );
  const late = counter('admission_deadline_exceeded_total', 'Responses sent after the timeout requested by the caller');
  const rejected = counter('admission_refused_total', 'Requests answered with an HTTP error', 'status');
  const expiry = gauge('certificate_expiry_timestamp_seconds', 'When the serving certificate expires');
  const dropped = counter(
    'log_lines_dropped_total',
    'Log lines dropped because they could not be written or were not read in time',
  );
  let intake: Pick<Intake, 'inFlight'> = { inFlight: 0 };
  measured('admission_in_flight', 'Requests being read or evaluated', () => intake.inFlight);
  return {
    shed: (reason) => shed(reason).add(1),
    clientRejected: (reason) => clients.inc({ reason }),
    deadlineExceeded: () => late.inc(),
    rejected: (status) => rejected.inc({ status }),
    certificateExpires: (at) => expiry.set(at.getTime() / 1000),
    logLineDropped: () => dropped.inc(),
    watchIntake(watched) {
      intake = watched;
    },
  };
}

function createPolicyMetrics({ counter, gauge }: MetricFactory): PolicyMetrics {
  const reloads = counter('policy_reloads_total', 'Loads of the policy file', 'result');
  for (const result of ['success', 'failure']) reloads.inc({ result }, 0);
  const isLoaded = gauge('policy_last_reload_successful', '1 if the policy in force matches the policy file');
  const loadedAt = gauge('policy_last_reload_timestamp_seconds', 'When the policy in force was loaded');
  const inForce = gauge('policy_info', 'The policy in force', 'hash', 'mode');
  return {
    policyLoaded(isValid) {
      reloads.inc({ result: isValid ? 'success' : 'failure' });
      isLoaded.set(Number(isValid));
    },
    policyInForce({ hash, mode }) {
      loadedAt.setToCurrentTime();
      inForce.reset();
      inForce.set({ hash, mode }, 1);
    },
  };
}
