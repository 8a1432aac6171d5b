import type { Reporter, SerializedError, TestModule, TestRunEndReason, Vitest } from 'vitest/node';

/**
 * Ends the output of a test run with `N passed, N failed`, alone on a line, for machines that read it. Before it, it
 * says how many tests were skipped, and which projects were left out for want of a tool.
 */
export class ClosingLine implements Reporter {
  readonly #leftOut: readonly string[];
  #runsAll = true;

  /** @param leftOut One line each: what there is not, and which projects that leaves out. */
  constructor(leftOut: readonly string[]) {
    this.#leftOut = leftOut;
  }

  onInit(vitest: Vitest): void {
    this.#runsAll = vitest.config.project.length === 0;
  }

  onTestRunEnd(modules: readonly TestModule[], errors: readonly SerializedError[], reason: TestRunEndReason): void {
    const tests = modules.flatMap((module) => [...module.children.allTests()]).map((test) => test.result().state);
    const count = (state: string): number => tests.filter((other) => other === state).length;
    const brokenFiles = modules.filter((module) => module.errors().length > 0).length;
    const failures = count('failed') + brokenFiles + errors.length;
    // a set-up that failed leaves neither tests nor errors behind
    const failed = reason === 'passed' ? failures : Math.max(failures, 1);
    const skipped = count('skipped');
    if (this.#runsAll) for (const line of this.#leftOut) console.log(`${line}\n`);
    if (skipped > 0) console.log(`${skipped} skipped`);
    console.log(`${count('passed')} passed, ${failed} failed`);
  }
}
