type Labels = Readonly<Record<string, string>>;

/** A label selector of an object. It is well typed, but may be invalid in any other way. */
export interface LabelSelector {
  readonly matchLabels?: Labels;
  readonly matchExpressions?: readonly LabelRequirement[];
}

interface LabelRequirement {
  readonly key?: string;
  readonly operator?: string;
  readonly values?: readonly string[];
}

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
  matches: (selector: LabelSelector, labels: Labels) => boolean = selects,
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

/** Whether the labels meet every requirement; an unknown operator is never met. An empty selector selects everything. */
function selects({ matchLabels = {}, matchExpressions = [] }: LabelSelector, labels: Labels): boolean {
  return (
    Object.entries(matchLabels).every(([key, value]) => Object.hasOwn(labels, key) && labels[key] === value) &&
    matchExpressions.every((requirement) => isMet(requirement, labels))
  );
}

function isMet({ key = '', operator, values = [] }: LabelRequirement, labels: Labels): boolean {
  const value = Object.hasOwn(labels, key) ? labels[key] : undefined;
  if (operator === 'Exists') return value !== undefined;
  if (operator === 'DoesNotExist') return value === undefined;
  if (operator === 'In') return value !== undefined && values.includes(value);
  return operator === 'NotIn' && (value === undefined || !values.includes(value));
}
