import { execFileSync } from 'node:child_process';
import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { dirname, join } from 'node:path';
import { execPath, version } from 'node:process';
import { tableLines } from '../generate/markdown.ts';
import { type EvaluationTimes, measureEvaluation } from './evaluation.ts';
import { largestBytes, measureLargest, type SlowestReview } from './largest-review.ts';
import { program } from './processes.ts';
import { measureStart, type Start } from './start.ts';
import { connections, measureThroughput, reviewBytes, type Throughput } from './throughput.ts';

const comparisonTitle = '## Beside other servers';

execFileSync(execPath, [join(import.meta.dirname, '../build.ts')], { stdio: 'inherit' });
const programBytes = await codeBytes(join(dirname(program), 'program'));
const page = pageOf({
  evaluations: measureEvaluation(),
  start: await measureStart(),
  throughput: await measureThroughput(),
  largest: measureLargest(),
});
const path = join(import.meta.dirname, '../../docs/performance.md');
await writeFile(path, `${page}\n${await comparisonIn(path)}`);
console.log(page);

/** The part that is written by hand: it needs servers that are not part of this repository, or minutes. */
async function comparisonIn(path: string): Promise<string> {
  const text = await readFile(path, 'utf8');
  return text.slice(text.indexOf(comparisonTitle));
}

async function codeBytes(folder: string): Promise<number> {
  const files = (await readdir(folder)).filter((name) => name.endsWith('.cjs'));
  const sizes = await Promise.all(files.map(async (name) => (await stat(join(folder, name))).size));
  return sizes.reduce((sum, size) => sum + size, 0);
}

interface Measured {
  readonly evaluations: readonly EvaluationTimes[];
  readonly start: Start;
  readonly throughput: readonly Throughput[];
  readonly largest: readonly SlowestReview[];
}

function pageOf({ evaluations, start, throughput, largest }: Measured): string {
  const [bare] = throughput;
  const ratio = (perSecond: number): string => (perSecond / (bare?.perSecond ?? Number.NaN)).toFixed(2);
  return [
    '<!-- Written by `npm run bench`, except for the comparison with other servers and what follows it. -->',
    '# Performance',
    '',
    `Measured with Node.js ${version} on ${cpus().length} cores (${cpus()[0]?.model ?? 'unknown'}), which the load generator shares.`,
    'Trust the ratios, not the absolute numbers.',
    '',
    ...tableLines(
      ['What', 'Value'],
      [
        ...evaluations.map(({ what, median, p99 }) => [
          what,
          `${median.toFixed(0)} µs median, ${p99.toFixed(0)} µs p99`,
        ]),
        ['`podwright serve`, start to ready', `${start.readyMs.toFixed(0)} ms`],
        ['`podwright serve`, idle memory', `${start.idleMib.toFixed(0)} MiB`],
        ['`podwright audit` of one small file', `${start.auditMs.toFixed(0)} ms`],
        ['Empty Node.js program (`node -e 0`)', `${start.nodeMs.toFixed(0)} ms`],
        ['`podwright audit` relative to that', `${(start.auditMs / start.nodeMs).toFixed(1)} ×`],
        ['The program without source maps', `${(programBytes / 1024 / 1024).toFixed(1)} MiB`],
      ],
    ),
    '',
    '## Under load',
    '',
    `Reviews of ${reviewBytes / 1000} kB over ${connections} keep-alive TLS connections, the servers in turns. *Bare Fastify* is a server`,
    'that only parses and allows the review, as the upper limit.',
    '',
    ...tableLines(
      ['Server', 'Reviews per second', 'To bare', 'p50', 'p99', 'Memory after'],
      throughput.map(({ name, perSecond, p50, p99, rssMib }) => [
        name,
        perSecond.toFixed(0),
        ratio(perSecond),
        `${p50.toFixed(1)} ms`,
        `${p99.toFixed(1)} ms`,
        `${rssMib.toFixed(0)} MiB`,
      ]),
    ),
    '',
    'Semi-space is `NODE_OPTIONS=--max-semi-space-size`: a larger young generation is collected less often and takes more memory.',
    '',
    '## The largest Pods',
    '',
    `Pods of ${largestBytes / 1024 / 1024} MiB, the most that the API server takes, with one list or map filled; all rules and fixes on. The slowest to`,
    'decide:',
    '',
    ...tableLines(
      ['Review', 'Milliseconds'],
      largest.map(({ what, milliseconds }) => [what, milliseconds.toFixed(0)]),
    ),
    '',
  ].join('\n');
}
