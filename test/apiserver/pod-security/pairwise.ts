/** One thing that Pods differ in, with the values it takes; the first is the one that breaks nothing. */
export interface Factor<Draft> {
  readonly name: string;
  readonly values: readonly FactorValue<Draft>[];
}

export interface FactorValue<Draft> {
  readonly name: string;
  /** Writes the value into a draft. */
  readonly apply: (draft: Draft) => void;
  /** Values of other factors without which this one is invalid: factor → name of the value. */
  readonly needs?: Readonly<Record<string, string>>;
  /** Values of other factors with which this one is invalid: factor → names of the values. */
  readonly refuses?: Readonly<Record<string, readonly string[]>>;
}

/** Factor → name of its value; a factor that is absent has its first value. */
export type Assignment = ReadonlyMap<string, string>;

/** Every value of every factor once beside what is given, with only what it needs besides; the impossible left out. */
export function singles<Draft>(factors: readonly Factor<Draft>[], beside: Assignment = new Map()): Assignment[] {
  return factors.flatMap(({ name, values }) =>
    values.flatMap((value) => extended(factors, beside, name, value.name) ?? []),
  );
}

/**
 * Assignments in which every two values of any two factors that can be together are together at least once, chosen
 * greedily and always the same. Every factor must have a value that is possible beside any others.
 */
export function pairwise<Draft>(factors: readonly Factor<Draft>[]): Assignment[] {
  const left = new Set<string>();
  for (const [index, a] of factors.entries())
    for (const b of factors.slice(index + 1))
      for (const { name: x } of a.values) for (const { name: y } of b.values) left.add(pairOf(a.name, x, b.name, y));
  const assignments: Assignment[] = [];
  for (const pair of left) {
    const [a = '', x = '', b = '', y = ''] = pair.split('\t');
    const start = extended(factors, new Map(), a, x);
    const both = start && extended(factors, start, b, y);
    left.delete(pair);
    if (both === undefined) continue;
    const assignment = completed(factors, both, left);
    for (const covered of pairsOf(factors, assignment)) left.delete(covered);
    assignments.push(assignment);
  }
  return assignments;
}

/** Gives every open factor the possible value that covers most of the pairs that are left. */
function completed<Draft>(factors: readonly Factor<Draft>[], start: Assignment, left: ReadonlySet<string>): Assignment {
  let assignment = start;
  for (const factor of factors) {
    if (assignment.has(factor.name)) continue;
    let best: { readonly next: Assignment; readonly gain: number } | undefined;
    for (const { name } of factor.values) {
      const next = extended(factors, assignment, factor.name, name);
      if (next === undefined) continue;
      const gain = pairsWith(factors, assignment, factor.name, name).filter((pair) => left.has(pair)).length;
      if (best === undefined || gain > best.gain) best = { next, gain };
    }
    if (best === undefined) throw new Error(`${factor.name} has no value that is possible beside the others`);
    assignment = best.next;
  }
  return assignment;
}

/** The assignment with one value more and all that it needs; undefined when that is not possible. */
function extended<Draft>(
  factors: readonly Factor<Draft>[],
  assignment: Assignment,
  factor: string,
  name: string,
): Assignment | undefined {
  const known = assignment.get(factor);
  if (known !== undefined) return known === name ? assignment : undefined;
  let next: Assignment | undefined = new Map([...assignment, [factor, name]]);
  for (const [needed, value] of Object.entries(valueOf(factors, factor, name).needs ?? {}))
    next = next && extended(factors, next, needed, value);
  return next !== undefined && isPossible(factors, next) ? next : undefined;
}

function isPossible<Draft>(factors: readonly Factor<Draft>[], assignment: Assignment): boolean {
  for (const [factor, name] of assignment) {
    const { needs = {}, refuses = {} } = valueOf(factors, factor, name);
    for (const [other, value] of Object.entries(needs)) if (assignment.get(other) !== value) return false;
    for (const [other, values] of Object.entries(refuses))
      if (values.includes(assignment.get(other) ?? '')) return false;
  }
  return true;
}

function valueOf<Draft>(factors: readonly Factor<Draft>[], factor: string, name: string): FactorValue<Draft> {
  const value = factors.find((one) => one.name === factor)?.values.find((one) => one.name === name);
  if (value === undefined) throw new Error(`no such value: ${factor}=${name}`);
  return value;
}

const pairOf = (...parts: [string, string, string, string]): string => parts.join('\t');

/** The pairs that a value makes with those that are assigned, each in the order of the factors. */
function pairsWith<Draft>(
  factors: readonly Factor<Draft>[],
  assignment: Assignment,
  factor: string,
  name: string,
): string[] {
  const order = (one: string): number => factors.findIndex((other) => other.name === one);
  const own = order(factor);
  return [...assignment].map(([other, value]) =>
    order(other) < own ? pairOf(other, value, factor, name) : pairOf(factor, name, other, value),
  );
}

function pairsOf<Draft>(factors: readonly Factor<Draft>[], assignment: Assignment): string[] {
  const seen = new Map<string, string>();
  return [...assignment].flatMap(([factor, name]) => {
    const pairs = pairsWith(factors, seen, factor, name);
    seen.set(factor, name);
    return pairs;
  });
}
