import type { Policy } from '../engine/policy.ts';
import type { Manifest, ManifestProblem } from '../manifests/read-manifests.ts';
import { nearestWord } from '../policy/nearest-word.ts';

/** The rules that comments ignore and that do not exist. */
export function unknownIgnored(manifests: readonly Manifest[], { rules }: Policy): ManifestProblem[] {
  const known = rules.map(({ rule }) => rule.id);
  const perFile = new Map(manifests.map(({ file, ignored }) => [ignored, file]));
  return [...perFile].flatMap(([comments, file]) =>
    comments.flatMap(({ line, rules }) =>
      rules
        .filter((id) => !known.includes(id))
        .map((id) => {
          const nearest = nearestWord(id, known);
          const hint = nearest === undefined ? '; podwright rules lists them' : `; did you mean ${nearest}?`;
          return { file, position: { line, column: 1 }, message: `the comment ignores ${id}, which is no rule${hint}` };
        }),
    ),
  );
}
