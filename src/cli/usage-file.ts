import type { AuditedSubject } from '../audit/audit-report.ts';
import { readWhole } from '../files/read-whole.ts';
import { requestRules } from '../fix/measured-requests.ts';
import { readYaml } from '../yaml/read.ts';
import { problemLine } from './audit-messages.ts';
import { type MeasuredContainers, measuredContainers } from './measured-usage.ts';
import { counted, printable } from './output/layout.ts';

/** The proposals of `podwright recommend -o json` or `-o yaml`, from its file. */
export interface UsageFile {
  readonly file: string;
  readonly measured: MeasuredContainers;
  /** A line about proposals that no container can have, which are ignored; none without such. */
  readonly messages: readonly string[];
}

/** Of a cluster with 150,000 Pods. */
const maxBytes = 512 * 1024 * 1024;

/** The proposals in a file, or why it has none. */
export async function readUsageFile(file: string): Promise<UsageFile | { readonly problem: string }> {
  const content = await readWhole(file, { maxBytes, shellPipes: true });
  if ('problem' in content)
    return { problem: content.isMissing ? `no such file: ${file}` : `cannot read ${file}: ${content.problem}` };
  const { documents, problems } = readYaml(new TextDecoder().decode(content.bytes));
  const several = documents.length > 1 ? 'it has several documents' : undefined;
  const problem = problems[0]?.message ?? several;
  const measured = problem === undefined ? measuredContainers(documents[0]?.value) : { problem };
  if ('problem' in measured)
    return {
      problem: printable(`${file} was not written by podwright recommend -o json or -o yaml: ${measured.problem}`),
    };
  return { file, measured, messages: ignoredLines(file, measured.ignored) };
}

function ignoredLines(file: string, ignored: readonly string[]): string[] {
  if (ignored.length === 0) return [];
  const proposals = `${counted(ignored.length, 'proposal')} that no container can have`;
  return [printable(`${file}: ignored ${proposals}, such as ${ignored[0]}`)];
}

/** The containers without a request that have no proposal in the file, a line per subject. */
export function unmeasuredLines(subjects: readonly AuditedSubject[], { file, measured }: UsageFile): string[] {
  return subjects.flatMap(({ object, findings, manifest, position, circumstances }) => {
    const unmeasured = findings.filter(({ rule, container = '' }) => {
      const resource = requestRules.get(rule.id);
      const namespace = circumstances.origin?.namespace.name ?? '';
      const { kind, name: workload } = object;
      const usage = resource && measured.of({ namespace, kind, workload, container });
      return resource !== undefined && usage?.proposed[resource] === undefined;
    });
    const names = [...new Set(unmeasured.map(({ container }) => JSON.stringify(container)))];
    if (names.length === 0) return [];
    const message = `${file} proposes nothing for container ${names.join(', ')}; what the policy says applies`;
    return [problemLine({ file: manifest?.file ?? '', position, message })];
  });
}
