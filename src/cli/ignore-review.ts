import type { AuditedSubject } from '../audit/audit-report.ts';
import { isComment } from '../audit/comment-exemption.ts';
import type { Policy } from '../engine/policy.ts';
import type { IgnoreComment } from '../manifests/ignore-comments.ts';
import type { Manifest, ManifestProblem } from '../manifests/read-manifests.ts';
import { nearestWord } from '../policy/nearest-word.ts';
import type { Position } from '../yaml/document.ts';

/** The ignore comments, while the objects below them are evaluated. */
export interface IgnoreReview {
  addComments(manifests: readonly Manifest[]): void;
  add(subject: AuditedSubject): void;
  /** Comments that name a rule that does not exist. */
  unknown(): ManifestProblem[];
  /** Comments that exempted nothing, for rules that are on. */
  unused(): ManifestProblem[];
}

interface Reviewed extends IgnoreComment {
  readonly used: Set<string>;
}

const positionOf = ({ line, column }: IgnoreComment): Position => ({ line, column });

export function openIgnoreReview({ rules }: Policy): IgnoreReview {
  const known = rules.map(({ rule }) => rule.id);
  const on = new Set(rules.flatMap(({ rule, mode }) => (mode === 'off' ? [] : [rule.id])));
  const files = new Map<string, Map<number, Reviewed>>();
  function addComments(manifests: readonly Manifest[]): void {
    for (const { file, ignored } of manifests)
      for (const comment of ignored) {
        const own = files.get(comment.file ?? file) ?? new Map<number, Reviewed>();
        files.set(comment.file ?? file, own);
        if (!own.has(comment.line)) own.set(comment.line, { ...comment, used: new Set() });
      }
  }
  const problemsOf = (messages: (comment: Reviewed) => readonly string[]): ManifestProblem[] =>
    [...files].flatMap(([file, comments]) =>
      [...comments.values()].flatMap((comment) =>
        messages(comment).map((message) => ({ file, position: positionOf(comment), message })),
      ),
    );
  return {
    addComments,
    add({ findings, manifest }) {
      if (manifest === undefined || manifest.ignored.length === 0) return;
      addComments([manifest]);
      for (const { rule, exemption } of findings)
        if (exemption !== undefined && isComment(exemption))
          files.get(exemption.owner)?.get(exemption.line)?.used.add(rule.id);
    },
    unknown: () =>
      problemsOf((comment) =>
        comment.rules
          .filter((id) => !known.includes(id))
          .map((id) => {
            const nearest = nearestWord(id, known);
            const hint = nearest === undefined ? '; podwright rules lists them' : `; did you mean ${nearest}?`;
            return `the comment ignores ${id}, which is not a rule${hint}`;
          }),
      ),
    unused: () =>
      problemsOf(({ rules, used }) =>
        rules
          .filter((id) => on.has(id) && !used.has(id))
          .map((id) => `the comment ignores ${id}, which finds nothing there; remove the comment`),
      ),
  };
}
