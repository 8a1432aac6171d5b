import { getBuiltinModule } from 'node:process';

/**
 * Keeps V8's space for new objects at its initial size. It would double with every thousand files, although nothing of a
 * file outlives its turn; collecting more often costs about 4 % of the time.
 */
export function keepHeapSmall(): void {
  getBuiltinModule('node:v8').setFlagsFromString('--semi-space-growth-factor=1');
}
