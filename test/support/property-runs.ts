import { env } from 'node:process';

/** How often a property is tried: so many times by `npm test`, and at most 100 times by `npm run check`. */
export const runsOf = (all: number): number => (env['PODWRIGHT_QUICK_CHECK'] === '1' ? Math.min(all, 100) : all);
