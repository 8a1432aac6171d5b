import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { buildDistribution } from './build/distribution.ts';

const dist = join(import.meta.dirname, '../dist');

await rm(dist, { recursive: true, force: true });
const bundles = await buildDistribution(dist);
for (const [name, { output }] of Object.entries(bundles)) {
  const sizes = output.flatMap((file) => (file.type === 'chunk' ? [Buffer.byteLength(file.code)] : []));
  const sum = sizes.reduce((total, size) => total + size, 0);
  console.log(`${name}: ${(sum / 1024).toFixed(0)} KiB in ${sizes.length} files`);
}
