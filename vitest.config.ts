import { spawnSync } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { env } from 'node:process';
import { defineConfig } from 'vitest/config';
import { ClosingLine } from './scripts/closing-line.ts';
import { chromiumProgram } from './test/browser/support/chromium.ts';
import { hasDefinitions } from './test/support/neighbor-definitions.ts';

const containerProjects = ['apiserver', 'e2e'] as const;
const hasDocker = spawnSync('docker', ['info'], { stdio: 'ignore', timeout: 20_000 }).status === 0;
const hasHelm = spawnSync('helm', ['version'], { stdio: 'ignore', timeout: 20_000 }).status === 0;
if (!hasDocker && env['PODWRIGHT_REQUIRE_DOCKER'] === '1')
  throw new Error('PODWRIGHT_REQUIRE_DOCKER=1, but no Docker engine answers `docker info`');
// The chart is installed by Helm.
const runnable = (hasDocker ? containerProjects : []).filter((name) => name !== 'e2e' || hasHelm);
const leftOut = [
  ...(hasDocker ? [] : [`No Docker engine answers: tests of ${containerProjects.join(' and ')} are skipped`]),
  ...(hasHelm
    ? []
    : ['There is no helm on PATH: tests of chart and e2e are skipped, and so is whether deploy is up to date']),
  ...(chromiumProgram === undefined ? ['There is no chromium on PATH: tests of browser are skipped'] : []),
  ...(hasDefinitions
    ? []
    : ['There is no ../shared/crds: custom resources of Argo, cert-manager, OpenReports and Prometheus are not tried']),
];

export default defineConfig({
  test: {
    slowTestThreshold: 5_000,
    // tests wait as much as they work
    maxWorkers: Math.max(2, availableParallelism() - 1),
    reporters: ['default', new ClosingLine(leftOut)],
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: ['chart', 'browser', 'package', ...containerProjects].map((name) => `test/${name}/**`),
          // to import everything anew for each file takes as long as all tests
          isolate: false,
          // a machine that is busy with other things is no failure
          testTimeout: 20_000,
        },
      },
      ...(chromiumProgram === undefined
        ? []
        : [
            {
              test: {
                name: 'browser',
                include: ['test/browser/**/*.test.ts'],
                testTimeout: 60_000,
                hookTimeout: 60_000,
              },
            },
          ]),
      { test: { name: 'package', include: ['test/package/**/*.test.ts'], testTimeout: 60_000 } },
      ...(hasHelm ? [{ test: { name: 'chart', include: ['test/chart/**/*.test.ts'], testTimeout: 60_000 } }] : []),
      ...runnable.map((name) => ({
        test: {
          name,
          include: [`test/${name}/**/*.test.ts`],
          fileParallelism: false,
          // a shared machine can be too slow for a real cluster once
          retry: env['CI'] === undefined ? 0 : 1,
          testTimeout: 120_000,
          hookTimeout: 600_000,
          globalSetup: `test/${name}/support/node.ts`,
        },
      })),
    ],
  },
});
