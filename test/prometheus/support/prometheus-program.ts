import { spawnSync } from 'node:child_process';

/** Whether Prometheus and promtool are on PATH. */
export const hasPrometheus = ['prometheus', 'promtool'].every(
  (name) => spawnSync(name, ['--version'], { stdio: 'ignore', timeout: 20_000 }).status === 0,
);
