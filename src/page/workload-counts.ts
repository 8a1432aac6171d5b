import type { PageCounts, PageOutcome, PageWorkload } from './page-report.ts';

type Counted = Pick<PageWorkload, 'outcomes'>;

/** Counts workloads without keeping them. */
export interface WorkloadCounts {
  add(workload: Counted): void;
  counts(): PageCounts;
}

/** Counts by outcomes, of which the first that applies determines the color of a workload. */
export function openWorkloadCounts(outcomes: readonly PageOutcome[]): WorkloadCounts {
  const having: Record<string, number> = {};
  const first: Record<string, number> = {};
  let workloads = 0;
  return {
    add(workload) {
      workloads++;
      for (const id of workload.outcomes) having[id] = (having[id] ?? 0) + 1;
      const decisive = firstOutcome(outcomes, workload)?.id;
      if (decisive !== undefined) first[decisive] = (first[decisive] ?? 0) + 1;
    },
    counts: () => ({ workloads, having: { ...having }, first: { ...first } }),
  };
}

/** The counts of a list. */
export function countsOf(workloads: readonly Counted[], outcomes: readonly PageOutcome[]): PageCounts {
  const counts = openWorkloadCounts(outcomes);
  workloads.forEach(counts.add);
  return counts.counts();
}

/** The parts of a bar, in the order of the outcomes, without empty ones. */
export const barOf = (
  counts: PageCounts['first'],
  outcomes: readonly PageOutcome[],
): { readonly outcome: PageOutcome; readonly count: number }[] =>
  outcomes.map((outcome) => ({ outcome, count: counts[outcome.id] ?? 0 })).filter(({ count }) => count > 0);

/** The outcome that determines the color of a workload. */
export const firstOutcome = (outcomes: readonly PageOutcome[], workload: Counted): PageOutcome | undefined =>
  outcomes.find(({ id }) => workload.outcomes.includes(id));
