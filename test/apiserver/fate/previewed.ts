import type { EvaluatedFinding } from '../../../src/engine/evaluate.ts';
import { warningsOf } from '../../../src/engine/messages.ts';
import type { Workload } from './workloads.ts';

/** A workload in the JSON of preview, as far as it is compared. */
export interface PreviewedWorkload {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly children: readonly string[];
  readonly pods: number;
  readonly denied: boolean;
  readonly stops: boolean;
  readonly findings: readonly {
    readonly rule: string;
    readonly container: string | null;
    readonly message: string;
    readonly outcomes: readonly string[];
    readonly inTemplate: boolean;
  }[];
}

/** What becomes of an object that is created: as preview says, or in truth. */
export interface Creation {
  readonly denied: boolean;
  /** The rules that deny it, in the order of the alphabet. */
  readonly rules: readonly string[];
  readonly warnings: readonly string[];
  /** The rules whose fixes repaired it: of Pods alone, since templates stay as they are. */
  readonly fixed: readonly string[];
}

/** The workload as preview names it. */
export const titleOf = ({ namespace, object, owner }: Workload): string =>
  `${namespace}/${owner ?? `${object.kind}/${object.metadata.name}`}`;

export const titleIn = ({ namespace, kind, name }: PreviewedWorkload): string => `${namespace}/${kind}/${name}`;

/** The creation of the workload's object that preview expects. */
export function expectedOf({ findings, denied }: PreviewedWorkload, isPod: boolean): Creation {
  const findingsThatAre = (outcome: string) => findings.filter(({ outcomes }) => outcomes.includes(outcome));
  const warned = findingsThatAre('warned').map(({ rule, message, container }) => ({
    rule: { id: rule },
    message,
    ...(container !== null && { container }),
  }));
  return {
    denied,
    rules: idsOf(findingsThatAre('denied')),
    // a denial comes without warnings
    warnings: denied ? [] : warningsOf(warned as unknown as EvaluatedFinding[]),
    fixed: denied || !isPod ? [] : idsOf(findingsThatAre('fixed')),
  };
}

/** The rules whose fixes would repair the Pods of the workload. */
export const fixesOf = ({ findings }: PreviewedWorkload): string[] =>
  idsOf(findings.filter(({ outcomes }) => outcomes.includes('fixed')));

const idsOf = (findings: PreviewedWorkload['findings']): string[] =>
  [...new Set(findings.map(({ rule }) => rule))].toSorted();
