import { statSync } from 'node:fs';
import type { Policy } from '../engine/policy.ts';
import { readWholeNow } from '../files/read-whole.ts';
import { type ManifestProblem, objectsAmong } from '../manifests/read-manifests.ts';
import { decodeText } from '../yaml/encoding.ts';
import { type AuditCollector, openCollector } from './audit-collector.ts';
import type { AuditOptions } from './audit-options.ts';
import { type Checked, openBaseline } from './baseline.ts';
import type { WrittenFile } from './command-result.ts';
import { formatAudit } from './formats/format-audit.ts';
import type { Presentation } from './formats/presentation.ts';
import type { TextStyle } from './formats/text-style.ts';
import { type Paint, plain } from './output/paint.ts';
import { type OutputTarget, textToTerminal } from './output-targets.ts';
import { repositoryPath, repositoryRootOf } from './repository-path.ts';

/** The outputs of an audit: open while subjects are added, then written in every requested format. */
export interface AuditOutputs {
  readonly collector: AuditCollector;
  outputs(audited: Audited, skipped?: number): Promise<Outputs>;
}

/** The context of a completed audit. */
interface Audited extends Pick<Presentation, 'evaluated' | 'policySource' | 'views'> {
  readonly policy: Policy;
  readonly problems: readonly ManifestProblem[];
  /** Absent: all. */
  readonly checked?: Checked;
}

interface Outputs {
  readonly output: string;
  readonly files: readonly WrittenFile[];
  /** Whether there is a finding that is a failure. */
  readonly isBad: boolean;
  /** Why the baseline is not among the files, if it was asked for. */
  readonly baselineLines: readonly string[];
}

/** Opens the outputs, or returns why the baseline cannot be read. Files get no colors. */
export async function openOutputs(
  options: AuditOptions,
  paint: Paint,
): Promise<AuditOutputs | { readonly problem: string }> {
  const { output: targets = textToTerminal, failOn, stdinPath } = options;
  const written = [...targets.flatMap(({ file }) => file ?? []), ...(options.updateBaseline ? [options.baseline] : [])];
  const overwritten = written.find((file) => file !== undefined && holdsObjects(file));
  if (overwritten !== undefined)
    return { problem: `${overwritten} is a manifest, and the output would overwrite it; specify another file` };
  const baseline = await openBaseline(options);
  if (baseline !== undefined && 'problem' in baseline) return baseline;
  const styleIn = await stylesOf(options);
  const styleOf = ({ file }: OutputTarget): TextStyle => styleIn(file === undefined ? paint : plain);
  const collector = await openCollector({ targets, baseline, styleOf });
  const root = repositoryRootOf(process.cwd());

  async function textFor(target: OutputTarget, presentation: Omit<Presentation, 'style'>): Promise<string> {
    const { sum, skipped = 0 } = presentation.report;
    const { format } = target;
    if (format === 'text') return collector.textOf(target)?.text(sum, skipped) ?? '';
    return formatAudit(format, { ...presentation, style: styleOf(target) });
  }
  return {
    collector,
    async outputs({ checked = 'all', ...audited }, skipped) {
      const presentation = {
        ...audited,
        report: collector.report(skipped),
        at: new Date(),
        failOn,
        repositoryPath: (file: string) => (file === '-' ? stdinPath : repositoryPath(file, root)),
      };
      const update = baseline?.update(checked);
      const files = [...(update?.files ?? [])];
      let output = '';
      for (const target of targets) {
        const text = await textFor(target, presentation);
        if (target.file === undefined) output = text;
        else files.push({ file: target.file, text });
      }
      return {
        output,
        files,
        isBad: failOn !== 'never' && presentation.report.sum.reaches(failOn),
        baselineLines: update?.lines ?? [],
      };
    },
  };
}

/** Whether a file that exists has Kubernetes objects. Earlier outputs have none. */
function holdsObjects(file: string): boolean {
  if (statSync(file, { throwIfNoEntry: false })?.isFile() !== true) return false;
  const content = readWholeNow(file, { maxBytes });
  if (!('bytes' in content)) return false;
  const [first] = objectsAmong(decodeText(content.bytes), (text) => /apiVersion/.test(text));
  return first !== undefined;
}

/** Larger outputs are not read. */
const maxBytes = 64 * 1024 * 1024;

/** The style of texts, given the colors of an output. */
async function stylesOf({ diff = false, failOn, summary = false }: AuditOptions): Promise<(paint: Paint) => TextStyle> {
  const diffs = diff ? await import('./output/pod-diff.ts') : undefined;
  return (paint) => ({
    paint,
    detailed: failOn === 'audit',
    summary,
    ...(diffs && { diffOf: (subject) => diffs.paintedDiff(diffs.podDiffOf(subject), paint) }),
  });
}
