import type { WorkloadPreview } from '../../audit/preview/index.ts';
import type { ScannedFinding } from '../../audit/scanned-subject.ts';
import type { MeasuredContainers } from '../measured-usage.ts';
import { type FindingUsage, usageOfFinding } from './finding-usage.ts';
import { printable, table } from './layout.ts';
import { titleFor } from './preview-sentences.ts';

/** How many containers are listed; the rest are counted. */
const maxNamed = 40;

/** The requests that containers lack, with the proposals of their usage; empty if none lacks one. */
export function usageLines(workloads: readonly WorkloadPreview[], measured: MeasuredContainers): string[] {
  const rows = workloads.flatMap((workload) => rowsOf(workload, measured));
  if (rows.length === 0) return [];
  const heading = ['WORKLOAD', 'CONTAINER', 'CPU', 'MEMORY', 'BASIS'];
  const left = rows.length - maxNamed;
  return [
    printable(`Missing requests, and the proposals from usage (${measured.source ?? 'unknown source'}):`),
    ...table([heading, ...rows.slice(0, maxNamed)]).map((line) => `  ${line}`),
    ...(left > 0 ? [`  and ${left} more; -o json lists them all`] : []),
  ];
}

function rowsOf(workload: WorkloadPreview, measured: MeasuredContainers): string[][] {
  const { subject } = workload;
  const lacking = subject.findings.flatMap((finding) => {
    const usage = usageOfFinding(finding, subject, measured);
    return usage === undefined || finding.exemption !== undefined ? [] : [{ finding, usage }];
  });
  return [...Map.groupBy(lacking, ({ finding }) => finding.container ?? '')].map(([container, own], index) => [
    index === 0 ? titleFor(workload) : '',
    printable(container),
    cellFor('cpu', own),
    cellFor('memory', own),
    own[0]?.usage.basis ?? '',
  ]);
}

/** A dash for a request that is not missing. */
function cellFor(
  resource: FindingUsage['resource'],
  own: readonly { readonly finding: ScannedFinding; readonly usage: FindingUsage }[],
): string {
  const found = own.find(({ usage }) => usage.resource === resource);
  return found === undefined ? '-' : (found.usage.proposed ?? 'none');
}
