import { getBuiltinModule } from 'node:process';

/**
 * Keeps V8's space for new objects at its size: it would double with every thousand files, although nothing of a file
 * outlives its turn. Lets the space for old objects grow to twice the live ones instead of four times. Collecting more
 * often costs about 4 % of the time.
 */
export function keepHeapTight(): void {
  const { setFlagsFromString } = getBuiltinModule('node:v8');
  setFlagsFromString('--semi-space-growth-factor=1');
  setFlagsFromString('--heap-growing-percent=100');
}
