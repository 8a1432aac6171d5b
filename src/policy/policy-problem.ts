import type { Pointer } from '../patch/pointer.ts';
import type { Position } from '../yaml/document.ts';

/** A problem at one place of the data in a policy file. */
export interface PolicyFault {
  readonly path: Pointer;
  readonly message: string;
}

/** A problem in a policy file or in a file of exemptions, which must be fixed. */
export interface PolicyProblem extends Position {
  /** The field in the form that people use, `rules.pre-stop-sleep.mode`; empty for the whole file. */
  readonly field: string;
  /** The problem and what to do, in one clause. */
  readonly message: string;
}
