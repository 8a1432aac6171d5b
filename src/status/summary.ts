import { invalidText } from './checks.ts';
import { countNames } from './day-counts.ts';
import type { NamespaceMode, Status } from './status.ts';

const countWords = { allowed: 'allowed', denied: 'denied', repaired: 'repaired', wouldDeny: 'would be denied' };
const kinds = ['mutating', 'validating'] as const;
const modeOrder: readonly NamespaceMode[] = ['enforce', 'warn', 'audit', 'off', 'excluded'];

/** The status for people, one fact per line; namespaces and exemptions are only counted. */
export function summaryLines(status: Status): string[] {
  const { podwright, replicas, policy, certificate, scan, lastDay, modes, exemptions, omittedExemptions } = status;
  return [
    `version: ${podwright}`,
    `replicas: ${replicas === null ? 'unknown' : `${replicas.ready} of ${replicas.desired} ready`}`,
    `policy: ${policy.hash}, mode ${policy.mode}, in force since ${policy.inForceSince}`,
    ...(policy.problems.length === 0 ? [] : [invalidText(policy.problems)]),
    `certificate: expires ${[certificate.expires, ...certificate.problems].join('; ')}`,
    ...kinds.map((kind) => `${kind} webhooks: ${webhooksText(status.webhooks[kind])}`),
    `last scan: ${scan === null ? 'none yet' : scanText(scan)}`,
    `requests since ${lastDay.since}: ${countNames.map((each) => `${lastDay[each]} ${countWords[each]}`).join(', ')}`,
    `namespaces: ${modesText(modes)}`,
    `exemptions: ${exemptionsText(exemptions, omittedExemptions)}`,
    `written: ${status.written}`,
  ];
}

function webhooksText(webhooks: Status['webhooks']['mutating']): string {
  if (webhooks === null) return 'missing';
  return webhooks.map(({ name, failurePolicy }) => `${name} (${failurePolicy})`).join(', ') || 'none';
}

function scanText({ ended, workloads, findings: { enforce, warn, audit } }: NonNullable<Status['scan']>): string {
  return `${ended}, ${workloads} workloads, findings: ${enforce} enforce, ${warn} warn, ${audit} audit`;
}

const modesText = (modes: Status['modes']): string =>
  modeOrder.flatMap((mode) => (modes[mode] === undefined ? [] : [`${modes[mode]} ${mode}`])).join(', ') || 'none';

function exemptionsText(exemptions: Status['exemptions'], omitted: number): string {
  const [first] = exemptions;
  if (first === undefined) return 'none';
  const { name, daysLeft } = first;
  const next = daysLeft === null ? '' : `, the next to end is ${name} (${daysText(daysLeft)})`;
  return `${exemptions.length + omitted}${next}`;
}

/** `expired`, `1 day left`. */
export function daysText(daysLeft: number): string {
  if (daysLeft <= 0) return 'expired';
  return daysLeft === 1 ? '1 day left' : `${daysLeft} days left`;
}
