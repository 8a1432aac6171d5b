import type { Severity } from '../../engine/rule.ts';
import type { Html } from './html.ts';

/** How something is to be taken; the page has a color for each. */
export type Tone = 'bad' | 'stop' | 'careful' | 'fixed' | 'exempt' | 'faint' | 'good';

/** What can be said of a workload; the first that holds is its color in the bars. */
export interface PageOutcome {
  /** As it stands in the address of a filtered page. */
  readonly id: string;
  readonly label: string;
  readonly meaning: string;
  readonly tone: Tone;
}

/** A headline figure, and the filter that shows what it counts. */
export interface Tile {
  readonly value: number;
  readonly of: number;
  readonly label: string;
  readonly tone: Tone;
  readonly filter?: string;
}

export interface PageFinding {
  /** The ids of its outcomes, or what is done about it. */
  readonly word: string;
  readonly tone: Tone;
  readonly rule: string;
  readonly message: string;
  /** Line and column, or the field. */
  readonly place: string;
}

export interface PageWorkload {
  readonly title: string;
  /** Its file and line, where it has one. */
  readonly place: string;
  readonly namespace: string;
  readonly outcomes: readonly string[];
  readonly findings: readonly PageFinding[];
  /** What is wrong beyond any rule. */
  readonly remarks: readonly string[];
  /** A unified diff; empty where nothing is repaired. */
  readonly diff: string;
}

/** The workloads of a namespace, or those of a folder. */
export interface PageGroup {
  readonly name: string;
  /** What stands beside the name: `ready`, or a mode. */
  readonly mark: string;
  readonly isReady: boolean;
  readonly workloads: readonly PageWorkload[];
}

/** A rule, and how many workloads have which outcome by it. */
export interface PageRule {
  readonly id: string;
  readonly severity: Severity;
  readonly summary: string;
  readonly counts: Readonly<Record<string, number>>;
}

/** A chapter below the workloads. */
export interface PageChapter {
  readonly heading: string;
  readonly content: Html;
}

/** Everything that the page of an audit or of a preview shows. */
export interface PageReport {
  readonly title: string;
  /** Cluster or folder, date, version, policy and mode. */
  readonly facts: readonly { readonly name: string; readonly value: string }[];
  readonly sentences: readonly string[];
  /** What is missing from the report. */
  readonly warnings: readonly string[];
  readonly tiles: readonly Tile[];
  readonly groupedBy: 'namespace' | 'folder';
  readonly groups: readonly PageGroup[];
  /** In the order in which they decide about the color of a workload. */
  readonly outcomes: readonly PageOutcome[];
  /** Those that matter most first. */
  readonly rules: readonly PageRule[];
  readonly chapters: readonly PageChapter[];
}

/** What a group counts: workloads by the first of their outcomes. */
export function countsBy(
  outcomes: readonly PageOutcome[],
  workloads: readonly PageWorkload[],
): { readonly outcome: PageOutcome; readonly count: number }[] {
  const firsts = workloads.map((workload) => firstOutcome(outcomes, workload));
  return outcomes
    .map((outcome) => ({ outcome, count: firsts.filter((first) => first === outcome).length }))
    .filter(({ count }) => count > 0);
}

/** What colors a workload. */
export const firstOutcome = (
  outcomes: readonly PageOutcome[],
  workload: Pick<PageWorkload, 'outcomes'>,
): PageOutcome | undefined => outcomes.find(({ id }) => workload.outcomes.includes(id));
