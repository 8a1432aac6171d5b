import { execFileSync } from 'node:child_process';
import { Readable } from 'node:stream';
import { evaluateManifests } from '../../src/cli/evaluate-manifests.ts';
import { policyOf } from '../../src/cli/policy-options.ts';
import type { ChartArgument } from './chart-argument.ts';
import { openCoverage } from './coverage.ts';

/** The differences between a policy and the charts that it exempts. */
export interface Review {
  readonly lines: readonly string[];
  /** Charts that cannot be rendered or read. */
  readonly problems: readonly string[];
}

const kubernetes = '1.36.0';

/** Renders charts with the `helm` on PATH and compares them with the exemptions of a policy. Nothing is downloaded. */
export async function reviewAddOns(charts: readonly ChartArgument[], policyFile: string): Promise<Review> {
  const policy = await policyOf({ policy: policyFile });
  if ('problems' in policy) return { lines: [], problems: policy.problems };
  const all = openCoverage(policy.exemptions);
  const lines: string[] = [];
  const problems: string[] = [];
  for (const chart of charts) {
    const name = `${chart.namespace}/${chart.release}`;
    const rendered = render(chart);
    if ('problem' in rendered) {
      problems.push(`${name}: ${rendered.problem}`);
      continue;
    }
    const own = openCoverage(policy.exemptions);
    const options = { policy: policyFile, namespace: chart.namespace };
    const evaluated = await evaluateManifests(
      ['-'],
      options,
      () => Readable.from([rendered.text]),
      (subject) => {
        own.add(subject);
        all.add(subject);
      },
    );
    if ('rejections' in evaluated) problems.push(...evaluated.rejections.map((rejection) => `${name}: ${rejection}`));
    else problems.push(...evaluated.problems.map(({ message }) => `${name}: ${message}`));
    const uncovered = own.uncovered();
    lines.push(`${name}${uncovered.length === 0 ? ': every finding is exempt' : ''}`);
    lines.push(...uncovered.map((line) => `  ${line}`));
  }
  return { lines: [...lines, ...all.unused()], problems };
}

function render({ namespace, release, directory, values }: ChartArgument) {
  const flags = ['--namespace', namespace, '--kube-version', kubernetes, '--skip-tests'];
  const files = values.flatMap((file) => ['--values', file]);
  try {
    const text = execFileSync('helm', ['template', release, directory, ...flags, ...files], {
      encoding: 'utf8',
      maxBuffer: 256 * 1024 * 1024,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    return { text };
  } catch (error) {
    const { stderr, message } = error as Error & { readonly stderr?: string };
    return { problem: stderr?.trim().split('\n').at(-1) || message };
  }
}
