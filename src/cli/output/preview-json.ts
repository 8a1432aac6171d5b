import { isRiskyFix, type Outlook, outcomesOf } from '../../audit/outlook.ts';
import type { NamespacePreview, Preview, RuleTotals, WorkloadPreview } from '../../audit/preview.ts';
import type { ScannedFinding } from '../../audit/scanned-subject.ts';
import { diffOf, readyEntry } from './preview-sentences.ts';
import type { PreviewStyle } from './preview-text.ts';
import { withoutSecrets } from './without-secrets.ts';

/** The preview for machines. The shape is stable: members may be added, none goes or changes its meaning. */
export function previewJson(preview: Preview, style: PreviewStyle): string {
  const workloads = preview.namespaces.flatMap((namespace) => namespace.workloads);
  const data = {
    version: 1,
    policy: style.policy,
    missing: style.missing,
    summary: preview.totals,
    before: preview.before,
    namespaces: preview.namespaces.map(namespaceData),
    workloads: workloads.map((workload) => workloadData(workload, style)),
    suggestedExemptions: preview.suggestions.map(({ exemption, workloads }) => ({
      exemption,
      workloads: workloads.map(({ subject, rules }) => ({ ...identityOf({ subject }), rules })),
    })),
    unusedExemptions: preview.unusedExemptions.map(({ name }) => name),
    enforceReady: style.elsewhere && (readyEntry(preview, style.elsewhere) ?? null),
  };
  return JSON.stringify(data, undefined, 2);
}

const namespaceData = ({ namespace, isReady, totals, before, rules }: NamespacePreview) => ({
  namespace,
  ready: isReady,
  ...totals,
  before,
  rules: rules.map(ruleData),
});

const ruleData = ({ rule, ...totals }: RuleTotals) => ({ rule: rule.id, severity: rule.severity, ...totals });

function workloadData(workload: WorkloadPreview, { diff }: PreviewStyle) {
  const { subject, outcomes, changesBehavior, changes } = workload;
  return {
    ...identityOf(workload),
    pods: subject.pods,
    denied: outcomes.has('denied'),
    stops: outcomes.has('stops'),
    fixed: outcomes.has('fixed'),
    changesBehavior,
    warned: outcomes.has('warned'),
    exempt: outcomes.has('exempt'),
    findings: subject.findings.map((finding) => findingData(finding, workload)),
    changes: changes.map(({ rule, before, after }) => ({ rule: rule.id, before, after })),
    patch: withoutSecrets(subject.patch),
    ...(diff && { diff: diffOf(workload) }),
  };
}

const identityOf = ({ subject: { object, podPath } }: Pick<Outlook, 'subject'>) => ({
  apiVersion: object.apiVersion,
  kind: object.kind,
  namespace: object.namespace ?? null,
  name: object.name,
  podPath,
});

function findingData(finding: ScannedFinding, { subject }: Outlook) {
  const { rule, mode, objectPath, container, message, inTemplate, pods, exemption } = finding;
  return {
    rule: rule.id,
    mode,
    severity: rule.severity,
    category: rule.category,
    path: objectPath,
    container: container ?? null,
    message,
    outcomes: outcomesOf(finding, subject),
    changesBehavior: isRiskyFix(finding),
    inTemplate,
    pods,
    exempt: exemption?.name ?? null,
  };
}
