import type { ArtifactLocation, Fix } from 'sarif';
import type { AuditedSubject, AuditFinding } from '../../audit/audit-report.ts';
import { readWholeNow } from '../../files/read-whole.ts';
import { decoded } from '../../fix/encoded-text.ts';
import { findingRepairs } from '../../fix/repair-findings.ts';
import { standardInput } from '../../manifests/manifest-files.ts';
import type { Position } from '../../yaml/document.ts';
import { lineIndexOf } from '../../yaml/line-index.ts';

/** The repair of a single finding: replacements in the text of its file. */
export interface FindingRepair {
  readonly file: string;
  readonly replacements: readonly { readonly from: Position; readonly to: Position; readonly text: string }[];
}

/** The repairs of the findings of a file, in the text that the file has now. */
export function repairsIn(file: string, subjects: readonly AuditedSubject[]): ReadonlyMap<AuditFinding, FindingRepair> {
  const text = file === standardInput ? undefined : textOf(file);
  if (text === undefined) return new Map();
  const positionAt = lineIndexOf(text);
  return new Map(
    [...findingRepairs(text, subjects)].map(([finding, splices]) => {
      const replacements = splices.map(({ start, end, text: made }) => ({
        from: positionAt(start),
        to: positionAt(end),
        text: made,
      }));
      return [finding, { file, replacements }];
    }),
  );
}

/** The current text of a file; undefined if it cannot be read or is not valid text. */
function textOf(file: string): string | undefined {
  const content = readWholeNow(file, { maxBytes: 256 * 1024 * 1024 });
  return 'problem' in content ? undefined : decoded(content.bytes)?.text;
}

/** The same for SARIF. */
export function sarifFix(
  { rule }: AuditFinding,
  { replacements }: FindingRepair,
  artifactLocation: ArtifactLocation,
): Fix {
  return {
    description: { text: rule.fix?.effect ?? `Repairs the finding of ${rule.id}.` },
    artifactChanges: [
      {
        artifactLocation,
        replacements: replacements.map(({ from, to, text }) => ({
          deletedRegion: {
            startLine: from.line,
            startColumn: from.column,
            endLine: to.line,
            endColumn: to.column,
          },
          insertedContent: { text },
        })),
      },
    ],
  };
}
