import { spawn } from 'node:child_process';
import { performance } from 'node:perf_hooks';
import { env, exit, stdout } from 'node:process';

interface Step {
  readonly name: string;
  readonly command: string;
}

/** What the type checker knows of files that have not changed since. */
const buildInfo = 'node_modules/.cache/podwright/types.tsbuildinfo';

/** The steps of `npm run check`, the slowest first, so that it does not end up alone at the end. */
const steps: readonly Step[] = [
  { name: 'unit tests', command: 'vitest run --project unit' },
  { name: 'types', command: `tsc -p . --incremental --tsBuildInfoFile ${buildInfo}` },
  { name: 'generated files', command: 'node scripts/generate.ts --check' },
  { name: 'unused code', command: 'knip' },
  { name: 'lint', command: 'oxlint' },
  { name: 'format', command: 'biome check --error-on-warnings .' },
];

interface StepResult {
  readonly step: Step;
  readonly passed: boolean;
  readonly output: string;
  readonly seconds: number;
}

const waiting = [...steps];
const results: StepResult[] = [];
// three at a time, because the tests wait as much as they work
await Promise.all([runWaiting(), runWaiting(), runWaiting()]);

const failed = results.filter(({ passed }) => !passed);
if (failed.length > 0) {
  console.log(`\nnpm run check failed: ${failed.map(({ step }) => `${step.name} (${step.command})`).join(', ')}`);
  exit(1);
}

async function runWaiting(): Promise<void> {
  for (let step = waiting.shift(); step !== undefined; step = waiting.shift()) report(await run(step));
}

function run(step: Step): Promise<StepResult> {
  const start = performance.now();
  const chunks: Buffer[] = [];
  const child = spawn(step.command, { shell: true, env: { ...env, [stdout.isTTY ? 'FORCE_COLOR' : 'NO_COLOR']: '1' } });
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => chunks.push(chunk));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => {
      const output = Buffer.concat(chunks).toString().trim();
      resolve({ step, passed: code === 0, output, seconds: (performance.now() - start) / 1000 });
    });
  });
}

function report(result: StepResult): void {
  results.push(result);
  const { step, passed, output, seconds } = result;
  console.log(`${passed ? 'ok    ' : 'FAILED'} ${step.name.padEnd(16)} ${seconds.toFixed(1).padStart(5)} s`);
  if (!passed) console.log(`\n${output}\n`);
  else if (step.name.endsWith(' tests')) console.log(`       ${output.split('\n').at(-1)}`);
}
