import { spawnSync } from 'node:child_process';

/** What the browser is called by Debian and by others. */
const names = ['chromium', 'chromium-browser', 'google-chrome'];

/** The program on PATH; undefined where there is none. */
export const chromiumProgram = names
  .map((name) => spawnSync('sh', ['-c', `command -v ${name}`], { encoding: 'utf8' }).stdout.trim())
  .find((path) => path !== '');
