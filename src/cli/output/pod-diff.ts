import type { ReportedSubject } from '../../audit/audit-report.ts';
import { titleOf } from '../../engine/messages.ts';
import { applyPatch } from '../../patch/apply-patch.ts';
import { printYaml } from '../../yaml/print.ts';
import { hideSecrets } from './hide-secrets.ts';
import { printable } from './layout.ts';
import type { Paint } from './paint.ts';
import { unifiedHunks } from './unified-diff.ts';

/**
 * The changes of enabled fixes to a workload's Pods as a unified diff, without values of environment variables; empty
 * if there are none.
 */
export function podDiffOf({ object, podPath, pod, patch }: ReportedSubject): string {
  const hunks = unifiedHunks(podYaml(pod), podYaml(applyPatch(pod, patch)));
  if (hunks.length === 0) return '';
  const title = printable(titleOf({ ...object, podPath }));
  return [`--- ${title}`, `+++ ${title}, repaired`, ...hunks].join('\n');
}

function podYaml(pod: unknown): string {
  const { metadata, spec } = pod as ReportedSubject['pod'];
  const { labels, annotations } = Object(metadata) as { labels?: unknown; annotations?: unknown };
  const kept = labels === undefined && annotations === undefined ? {} : { metadata: { labels, annotations } };
  return printYaml(hideSecrets({ ...kept, spec }));
}

/** The lines of a unified diff in the usual colors; empty for an empty diff. */
export function paintedDiff(diff: string, paint: Paint): string[] {
  if (diff === '') return [];
  return diff.split('\n').map((line) => {
    if (/^(?:---|\+\+\+) /.test(line)) return paint('strong', line);
    if (line.startsWith('@@')) return paint('faint', line);
    if (line.startsWith('+')) return paint('good', line);
    return line.startsWith('-') ? paint('bad', line) : line;
  });
}
