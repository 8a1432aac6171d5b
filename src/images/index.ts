export { BadArchive } from './byte-source.ts';
export { type ImageReport, reportsOf } from './image-report.ts';
export { withPulled } from './registry-image.ts';
