import { spawnSync } from 'node:child_process';

/** Whether metrics-server is on PATH. */
export const hasMetricsServer = spawnSync('metrics-server', ['--version'], { stdio: 'ignore' }).status === 0;
