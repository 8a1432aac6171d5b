import { type Manifest, type Manifests, noManifests } from './read-manifests.ts';

/** The text rendered from a directory, or the problems in its place. */
export type Render = { readonly text: string } | { readonly instead: Manifests };

/** The outcome for a source that cannot be rendered. */
export const unrendered = (file: string, problem: string): Manifests => ({
  ...noManifests,
  problems: [{ file, message: `cannot be rendered: ${problem}` }],
});

/** The fallback if no better position is known. */
export function atStartOf(file: string, { object }: Manifest, line = 1): Manifest {
  const start = { line, column: 1 };
  return {
    object,
    file,
    path: '',
    ignored: [],
    document: { value: object.content, start, repeatedKeys: [], positionOf: () => start },
  };
}
