import { spawnSync } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { env } from 'node:process';
import { defineConfig } from 'vitest/config';
import { ClosingLine } from './scripts/closing-line.ts';
import { missingFor } from './test/apiserver/support/container-images.ts';
import { hasMetricsServer } from './test/apiserver/support/metrics-server-program.ts';
import { chromiumProgram } from './test/browser/support/chromium.ts';
import { hasPrometheus } from './test/prometheus/support/prometheus-program.ts';
import { hasDefinitions } from './test/support/neighbor-definitions.ts';

const containerProjects = ['apiserver', 'e2e'] as const;
const hasHelm = spawnSync('helm', ['version'], { stdio: 'ignore', timeout: 20_000 }).status === 0;
const missingContainers = containerProjects.flatMap((name) => {
  const missing = missingFor(name);
  return missing === undefined ? [] : [{ name, missing }];
});
if (missingContainers[0] !== undefined && env['PODWRIGHT_REQUIRE_DOCKER'] === '1')
  throw new Error(`PODWRIGHT_REQUIRE_DOCKER=1, but: ${missingContainers[0].missing}`);
const runnable = containerProjects.filter(
  (project) => !missingContainers.some(({ name }) => name === project) && (project !== 'e2e' || hasHelm),
);
const leftOut = [
  ...missingContainers.map(({ name, missing }) => `${missing}: tests of ${name} are skipped`),
  ...(hasHelm
    ? []
    : ['There is no helm on PATH: tests of chart and e2e are skipped, and so is whether deploy is up to date']),
  ...(chromiumProgram === undefined ? ['There is no chromium on PATH: tests of browser are skipped'] : []),
  ...(hasPrometheus
    ? []
    : ['There is no Prometheus with promtool on PATH: tests of prometheus are skipped, and alerts are not evaluated']),
  ...(hasMetricsServer ? [] : ['There is no metrics-server on PATH: recommend is not tried by the real one']),
  ...(hasDefinitions
    ? []
    : ['There is no ../shared/crds: custom resources of Argo, cert-manager, OpenReports and Prometheus are not tried']),
];

/** Tests that start processes: two at a time keep two cores busy. */
const processTests = [
  'bundle',
  'ci-files',
  'cli/ends',
  'cli/help',
  'cli/main',
  'cli/serve',
  'files/read-whole',
  'files/write-whole',
  'generated',
  'policy/nonsense',
  'policy/presets',
  'readme',
  'server/early-optimization',
  'server/monitoring/log-output',
].map((name) => `test/${name}.test.ts`);
/** Keep both cores busy for seconds by nature, so `npm run check` leaves them to `npm test`. */
const heavyTests = ['cli/audit-memory', 'engine/linear', 'new-rule', 'server/memory'].map(
  (name) => `test/${name}.test.ts`,
);

/** A machine that is busy with other things is no failure. */
const patient = { testTimeout: 120_000, hookTimeout: 120_000, expect: { poll: { timeout: 100_000 } } };
/** Node.js runs the sources as they are, so Vite need not transform them and each test sees what users run. */
const experimental = { viteModuleRunner: false };

export default defineConfig({
  test: {
    slowTestThreshold: 5_000,
    reporters: ['default', new ClosingLine(leftOut)],
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: [
            ...['chart', 'browser', 'package', 'prometheus', ...containerProjects].map((name) => `test/${name}/**`),
            ...processTests,
            ...heavyTests,
          ],
          experimental,
          // to import everything anew for each file takes as long as all tests
          isolate: false,
          // tests wait as much as they work
          maxWorkers: 2 * availableParallelism(),
          ...patient,
        },
      },
      {
        test: {
          name: 'process',
          include: processTests,
          experimental,
          isolate: false,
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
          ...patient,
          // each process would strip the types of the same files again
          env: { NODE_COMPILE_CACHE: join(import.meta.dirname, 'node_modules/.cache/podwright') },
        },
      },
      { test: { name: 'heavy', include: heavyTests, maxWorkers: 1, sequence: { groupOrder: 2 }, ...patient } },
      ...(chromiumProgram === undefined
        ? []
        : [
            {
              test: {
                name: 'browser',
                include: ['test/browser/**/*.test.ts'],
                ...patient,
              },
            },
          ]),
      ...(hasPrometheus
        ? [
            {
              test: {
                name: 'prometheus',
                include: ['test/prometheus/**/*.test.ts'],
                ...patient,
              },
            },
          ]
        : []),
      { test: { name: 'package', include: ['test/package/**/*.test.ts'], ...patient } },
      ...(hasHelm ? [{ test: { name: 'chart', include: ['test/chart/**/*.test.ts'], ...patient } }] : []),
      ...runnable.map((name) => ({
        test: {
          name,
          include: [`test/${name}/**/*.test.ts`],
          fileParallelism: false,
          // a shared machine can be too slow for a real cluster once
          retry: env['CI'] === undefined ? 0 : 1,
          ...patient,
          hookTimeout: 600_000,
          globalSetup: `test/${name}/support/node.ts`,
        },
      })),
    ],
  },
});
