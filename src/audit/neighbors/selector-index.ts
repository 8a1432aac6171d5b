import { type LabelSelector, matchesLabelSelector } from '../../subject/label-selector.ts';

type Labels = Readonly<Record<string, string>>;

/** An object that selects Pods. */
export interface Selecting {
  readonly selector: LabelSelector;
}

/**
 * A lookup of the objects that select given labels, in the order of the objects. Each is filed under the rarest of its
 * equalities, so that a lookup compares few: `matches` is only called for those.
 */
export function openSelectorIndex<Each extends Selecting>(
  all: readonly Each[],
  matches: (selector: LabelSelector, labels: Labels) => boolean = matchesLabelSelector,
): (labels: Labels) => Each[] {
  const uses = new Map<string, number>();
  for (const { selector } of all) for (const pair of pairsOf(selector)) uses.set(pair, (uses.get(pair) ?? 0) + 1);
  const filed = new Map<string, number[]>();
  for (const [position, { selector }] of all.entries()) {
    const place = rarest(pairsOf(selector), uses) ?? elsewhere;
    const own = filed.get(place);
    if (own === undefined) filed.set(place, [position]);
    else own.push(position);
  }
  return (labels) =>
    [elsewhere, ...Object.entries(labels).map(([key, value]) => pairOf(key, value))]
      .flatMap((place) => filed.get(place) ?? [])
      .toSorted((a, b) => a - b)
      .flatMap((position) => all[position] ?? [])
      .filter(({ selector }) => matches(selector, labels));
}

/** The place of selectors without an equality, which every lookup compares. No label has an empty key. */
const elsewhere = '';

const pairOf = (key: string, value: string): string => `${key}=${value}`;

/** The labels that everything selected must have. */
function pairsOf({ matchLabels = {}, matchExpressions = [] }: LabelSelector): string[] {
  const single = matchExpressions.flatMap(({ key = '', operator, values = [] }) =>
    operator === 'In' && values.length === 1 ? [pairOf(key, values[0] ?? '')] : [],
  );
  return [...Object.entries(matchLabels).map(([key, value]) => pairOf(key, value)), ...single];
}

function rarest(pairs: readonly string[], uses: ReadonlyMap<string, number>): string | undefined {
  let best: string | undefined;
  for (const pair of pairs) if (best === undefined || (uses.get(pair) ?? 0) < (uses.get(best) ?? 0)) best = pair;
  return best;
}
