import type {
  ExemptionEnd,
  NamespacePreview,
  Preview,
  RuleTotals,
  Totals,
  WorkloadPreview,
} from '../../audit/preview/index.ts';
import { type Outlook, workloadOutcomesOf } from '../../audit/preview/index.ts';
import type { ScannedFinding } from '../../audit/scanned-subject.ts';
import { changesBehavior } from '../../engine/fate.ts';
import { findingData } from './finding-data.ts';
import { type FindingUsage, usageOfFinding } from './finding-usage.ts';
import { hideSecrets } from './hide-secrets.ts';
import { visible } from './layout.ts';
import { podDiffOf } from './pod-diff.ts';
import { readyEntry } from './preview-entry.ts';
import type { PreviewStyle } from './preview-style.ts';

/** The preview for machines. The format is stable: members may be added, but are never removed or redefined. */
export function previewJson(preview: Preview, style: PreviewStyle): string {
  const workloads = preview.namespaces.flatMap((namespace) => namespace.workloads);
  const data = {
    version: 1,
    policy: style.policy,
    missing: style.missing,
    ...(style.usage && {
      usage: { source: style.usage.source ?? null, minimumSeconds: style.usage.minimumSeconds ?? null },
    }),
    summary: totalsData(preview.totals),
    before: preview.before && totalsData(preview.before),
    namespaces: preview.namespaces.map(namespaceData),
    workloads: workloads.map((workload) => workloadData(workload, style)),
    unlistedOperators: preview.unlistedOperators.map(({ workloads, ...operator }) => ({
      ...operator,
      workloads: workloads.map(({ subject, objects, rules }) => ({ ...identityOf({ subject }), objects, rules })),
    })),
    openExemptions: preview.openExemptions.map(({ name }) => name),
    suggestedExemptions: preview.suggestions.map(({ exemption, workloads }) => ({
      exemption,
      workloads: workloads.map(({ subject, rules }) => ({ ...identityOf({ subject }), rules })),
    })),
    endingExemptions: preview.endingExemptions.map(endData),
    expiredExemptions: preview.expiredExemptions.map(endData),
    unusedExemptions: preview.unusedExemptions.map(({ name }) => name),
    ...(style.ceiling === 'enforce' && { enforceReady: readyEntry(preview, style)?.yaml ?? null }),
  };
  return visible(JSON.stringify(data, undefined, 2));
}

const namespaceData = ({ namespace, mode, fixes, isReady, readyUntil, totals, before, rules }: NamespacePreview) => ({
  namespace,
  mode,
  fixes,
  ready: isReady,
  readyUntil: readyUntil ?? null,
  ...totalsData(totals),
  before: before && totalsData(before),
  rules: rules.map(ruleData),
});

const totalsData = ({ workloads, ...counts }: Totals) => ({ workloadCount: workloads, ...counts });

const endData = ({ exemption: { name, expires, owner }, workloads }: ExemptionEnd) => ({
  name,
  expires,
  owner,
  workloads: workloads.map(({ subject, rules }) => ({
    ...identityOf({ subject }),
    rules: rules.map(({ rule, outcomes }) => ({ rule: rule.id, outcomes })),
  })),
});

const ruleData = ({ rule, ...totals }: RuleTotals) => ({ rule: rule.id, severity: rule.severity, ...totals });

function workloadData(workload: WorkloadPreview, { diff, usage }: PreviewStyle) {
  const { subject, outcomes, changes } = workload;
  return {
    ...identityOf(workload),
    children: subject.children ?? [],
    pods: subject.pods,
    denied: outcomes.has('denied'),
    stops: outcomes.has('stops'),
    fixed: outcomes.has('fixed'),
    changesBehavior: workload.changesBehavior,
    warned: outcomes.has('warned'),
    exempt: outcomes.has('exempt'),
    findings: subject.findings.map((finding) => previewedData(finding, workload, usage)),
    changes: changes.map(({ rule, before, after }) => ({ rule: rule.id, before, after })),
    patch: hideSecrets(subject.patch),
    ...(diff && { diff: podDiffOf(workload.subject) }),
  };
}

const identityOf = ({ subject: { object, podPath } }: Pick<Outlook, 'subject'>) => ({
  apiVersion: object.apiVersion,
  kind: object.kind,
  namespace: object.namespace ?? null,
  name: object.name,
  podPath,
});

const previewedData = (finding: ScannedFinding, { subject }: Outlook, measured: PreviewStyle['usage']) => ({
  ...findingData(finding),
  outcomes: workloadOutcomesOf(finding, subject),
  changesBehavior: changesBehavior(finding),
  inTemplate: finding.inTemplate,
  pods: finding.pods,
  exempt: finding.exemption?.name ?? null,
  ...usageData(measured && usageOfFinding(finding, subject, measured)),
});

/** Only missing requests have it. What is not known is null. */
function usageData(found: FindingUsage | undefined) {
  if (found === undefined) return {};
  const { proposed, usage } = found;
  return {
    usage: {
      proposed: proposed ?? null,
      unproposed: proposed === undefined ? (usage === undefined ? 'unseen' : (usage.unproposed ?? 'ignored')) : null,
      watchedSeconds: usage?.watchedSeconds ?? null,
      watchedPods: usage?.watchedPods ?? null,
      throttled: usage?.throttled ?? null,
      oomKilledPods: usage?.oomKilledPods ?? 0,
    },
  };
}
