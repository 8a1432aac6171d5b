export { type FileContent, followFiles } from './follow-files.ts';
export { watchFiles } from './watch-files.ts';
