import type { Severity } from '../engine/rule.ts';
import type { Html } from './html.ts';

/** The mood of a statement; the page has a color for each. */
export type Tone = 'bad' | 'stop' | 'careful' | 'fixed' | 'exempt' | 'faint' | 'good';

/** A possible outcome for a workload; the first that applies determines its color in the bars. */
export interface PageOutcome {
  /** Its name in the URL of a filtered page. */
  readonly id: string;
  readonly label: string;
  readonly meaning: string;
  readonly tone: Tone;
}

/** A headline figure, and the filter for the workloads that it counts. */
export interface Tile {
  readonly value: number;
  readonly of: number;
  readonly label: string;
  readonly tone: Tone;
  readonly filter?: string;
}

/** A finding as a page shows it. */
export interface PageFinding {
  /** The ids of its outcomes, or the action taken. */
  readonly word: string;
  readonly tone: Tone;
  readonly rule: string;
  readonly message: string;
  /** Line and column, or the field. */
  readonly place: string;
}

/** A workload or another subject as a page shows it, with its findings. */
export interface PageWorkload {
  readonly title: string;
  /** Its file and line, if it has one. */
  readonly place: string;
  readonly namespace: string;
  readonly outcomes: readonly string[];
  readonly findings: readonly PageFinding[];
  /** How many further findings are not listed. */
  readonly moreFindings?: number;
  /** The ids of the rules of all its findings. */
  readonly rules: readonly string[];
  /** Problems that no rule reports. */
  readonly remarks: readonly string[];
  /** A unified diff; empty if nothing is repaired. */
  readonly diff: string;
}

/** Workloads in numbers, by the ids of outcomes. */
export interface PageCounts {
  readonly workloads: number;
  /** How many have the outcome. A workload can have several. */
  readonly having: Readonly<Record<string, number>>;
  /** For how many it is the outcome that determines their color. */
  readonly first: Readonly<Record<string, number>>;
}

/** The workloads of a namespace or a directory. */
export interface PageGroup {
  readonly name: string;
  /** The text beside the name: `ready`, or a mode. */
  readonly mark: string;
  readonly isReady: boolean;
  /** Of all its workloads. */
  readonly counts: PageCounts;
  /** Those that are listed. */
  readonly workloads: readonly PageWorkload[];
}

/** A rule with the number of workloads per outcome. */
export interface PageRule {
  readonly id: string;
  readonly severity: Severity;
  readonly summary: string;
  readonly counts: Readonly<Record<string, number>>;
}

/** A section below the workloads. */
export interface PageChapter {
  readonly heading: string;
  readonly content: Html;
}

/** A page of the dashboard; without a link it is the one that is shown. */
export interface PageView {
  readonly title: string;
  readonly href?: string;
}

/** The content of the page for an audit or a preview. */
export interface PageReport {
  readonly title: string;
  /** All pages of the dashboard, this one included. */
  readonly views?: readonly PageView[] | undefined;
  /** Cluster or directory, date, version, policy and mode. */
  readonly facts: readonly { readonly name: string; readonly value: string }[];
  readonly sentences: readonly string[];
  /** Data missing from the report. */
  readonly warnings: readonly string[];
  readonly tiles: readonly Tile[];
  readonly groupedBy: 'namespace' | 'folder';
  readonly groups: readonly PageGroup[];
  /** In the order in which they determine the color of a workload. */
  readonly outcomes: readonly PageOutcome[];
  /** The most important rules first. */
  readonly rules: readonly PageRule[];
  readonly chapters: readonly PageChapter[];
  /** Says which workloads are listed, unless all are. */
  readonly listed?: string | undefined;
}
