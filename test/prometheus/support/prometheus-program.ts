import { spawnSync } from 'node:child_process';

/** Whether Prometheus and promtool are on PATH. */
export const hasPrometheus = ['prometheus', 'promtool'].every(
  (name) => spawnSync(name, ['--version'], { stdio: 'ignore' }).status === 0,
);
