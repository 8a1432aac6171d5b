import { spawnSync } from 'node:child_process';

/** Whether Prometheus's program for testing rules is on PATH. */
export const hasPromtool: boolean = spawnSync('promtool', ['--version'], { stdio: 'ignore' }).status === 0;
