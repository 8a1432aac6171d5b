import type { Panel } from './dashboard.ts';
import { scanPanels } from './scan-panels.ts';

const ours = String.raw`name=~".+\\.podwright\\.dev"`;
const rate = '$__rate_interval';
/** The namespaces chosen at the top of the page; all of them if metrics do not distinguish them. */
const chosen = 'namespace=~"$namespace"';
/** Metrics that every process has, narrowed to ours. */
const ofOurPods = 'on (job, instance) group_left () podwright_build_info';

function quantiles(metric: string, by: string, selector: string, where: string): Panel['queries'] {
  const buckets = `sum by (le, ${by}) (rate(${metric}_bucket${selector}[${rate}]))`;
  return ['0.5', '0.99'].map((quantile) => [
    `histogram_quantile(${quantile}, ${buckets})`,
    `${quantile} of {{${by}}}, ${where}`,
  ]);
}

/** From whether it works at all to how much it can bear. */
export const panels: readonly Panel[] = [
  {
    title: 'Replicas',
    description: 'Replicas that are scraped, by version.',
    type: 'stat',
    width: 4,
    unit: 'none',
    queries: [['count by (version) (podwright_build_info)', '{{version}}']],
  },
  {
    title: 'Certificate expires',
    description: 'Self-managed certificates are renewed ten days before.',
    type: 'stat',
    width: 4,
    unit: 's',
    queries: [['min(podwright_certificate_expiry_timestamp_seconds) - time()', 'in']],
  },
  {
    title: 'API servers trust it',
    description:
      'Whether the published authorities fit the certificate in use. Empty unless certificates are self-managed.',
    type: 'stat',
    width: 4,
    unit: 'none',
    queries: [['min(podwright_ca_bundle_in_sync)', '']],
    words: { 0: 'no', 1: 'yes' },
  },
  {
    title: 'Webhooks in the cluster',
    description: 'Webhooks that are configured, of three. Empty unless certificates are self-managed.',
    type: 'stat',
    width: 4,
    unit: 'none',
    queries: [['sum(min by (webhook) (podwright_webhook_configuration_present))', '']],
  },
  {
    title: 'Policy',
    description: 'Whether every replica has the policy that is in the file.',
    type: 'stat',
    width: 4,
    unit: 'none',
    queries: [['min(podwright_policy_last_reload_successful)', '']],
    words: { 0: 'not valid, last good one in force', 1: 'in force' },
  },
  {
    title: 'Policy loaded',
    description: 'When the last replica has taken up the policy in force.',
    type: 'stat',
    width: 4,
    unit: 'dateTimeFromNow',
    queries: [['max(podwright_policy_last_reload_timestamp_seconds) * 1000', '']],
  },
  {
    title: 'Verdicts',
    description: 'audit_deny: it would be denied if mode were enforce. Without dry runs. In the namespaces chosen.',
    type: 'timeseries',
    width: 12,
    unit: 'reqps',
    queries: [
      [
        `sum by (webhook, verdict) (rate(podwright_admission_requests_total{dry_run="false",${chosen}}[${rate}]))`,
        '{{verdict}} by {{webhook}}',
      ],
    ],
  },
  {
    title: 'Not evaluated',
    description:
      'Calls that did not reach Podwright: objects that were admitted without validation, and objects that were denied because of that.',
    type: 'timeseries',
    width: 12,
    unit: 'none',
    queries: [
      [
        `sum by (name) (increase(apiserver_admission_webhook_fail_open_count{${ours}}[${rate}]))`,
        'admitted by {{name}}',
      ],
      [
        `sum by (name) (increase(apiserver_admission_webhook_rejection_count{${ours},error_type="calling_webhook_error"}[${rate}]))`,
        'denied by {{name}}',
      ],
    ],
  },
  {
    title: 'Latency',
    description: 'What the API servers wait beyond the time of the server itself is the network and TLS.',
    type: 'timeseries',
    width: 24,
    unit: 's',
    queries: [
      ...quantiles('apiserver_admission_webhook_admission_duration_seconds', 'name', `{${ours}}`, 'API server'),
      ...quantiles('podwright_admission_duration_seconds', 'webhook', '', 'server'),
    ],
  },
  {
    title: 'Top rules',
    description:
      'Findings at admission in the time shown, and what would become of them if every ceiling were enforce.',
    type: 'bargauge',
    width: 8,
    unit: 'none',
    queries: [
      [
        `topk(10, sum by (rule, would) (increase(podwright_findings_total{source!="scan",${chosen}}[$__range])))`,
        '{{rule}}: {{would}}',
      ],
    ],
  },
  {
    title: 'Top fixes',
    description: 'Objects repaired in the time shown.',
    type: 'bargauge',
    width: 8,
    unit: 'none',
    queries: [[`topk(10, sum by (rule) (increase(podwright_fixes_total{${chosen}}[$__range])))`, '{{rule}}']],
  },
  {
    title: 'Top namespaces',
    description:
      'Objects denied in the time shown, or that would be if mode were enforce. One bar unless monitoring.namespaces is set.',
    type: 'bargauge',
    width: 8,
    unit: 'none',
    queries: [
      [
        `topk(10, sum by (namespace, verdict) (increase(podwright_admission_requests_total{dry_run="false",verdict!="allow",${chosen}}[$__range])))`,
        '{{namespace}}: {{verdict}}',
      ],
    ],
  },
  ...scanPanels,
  {
    title: 'CPU',
    description: 'Cores in use. One replica cannot use more than about one.',
    type: 'timeseries',
    width: 8,
    unit: 'none',
    queries: [[`rate(process_cpu_seconds_total[${rate}]) * ${ofOurPods}`, '{{instance}}']],
  },
  {
    title: 'Memory',
    description: 'Resident memory of the process.',
    type: 'timeseries',
    width: 8,
    unit: 'bytes',
    queries: [[`process_resident_memory_bytes * ${ofOurPods}`, '{{instance}}']],
  },
  {
    title: 'Event loop delay',
    description: 'The longest one since the last scrape; calls wait as long.',
    type: 'timeseries',
    width: 8,
    unit: 's',
    queries: [['podwright_event_loop_delay_seconds', '{{instance}}']],
  },
  {
    title: 'Calls in flight',
    description: 'Calls that are being read or evaluated.',
    type: 'timeseries',
    width: 12,
    unit: 'none',
    queries: [['podwright_admission_in_flight', '{{instance}}']],
  },
  {
    title: 'Overload',
    description:
      'Calls turned away, which the API servers try again, connections closed to make room, and answers later than the timeout.',
    type: 'timeseries',
    width: 12,
    unit: 'reqps',
    queries: [
      [`sum by (reason) (rate(podwright_admission_shed_total[${rate}]))`, 'turned away for {{reason}}'],
      [`sum(rate(podwright_admission_deadline_exceeded_total[${rate}]))`, 'late'],
    ],
  },
];
