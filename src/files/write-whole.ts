import { statSync, writeFileSync } from 'node:fs';
import { replaceFile } from './replace-file.ts';

/** Of a mounted file, and of a file in a directory that takes no new one. */
const irreplaceable: ReadonlySet<string | undefined> = new Set(['EBUSY', 'EACCES', 'EPERM', 'EROFS']);

/**
 * Writes a text to a file; throws if that fails. An existing file is replaced, so that it is unchanged if the disk is
 * full. Devices, pipes and files that cannot be replaced are written directly.
 */
export function writeWhole(file: string, text: string): void {
  const isRegular = statSync(file, { throwIfNoEntry: false })?.isFile() === true;
  const error = isRegular ? replaceFile(file, text) : undefined;
  if (error !== undefined && !irreplaceable.has(error.code)) throw error;
  if (!isRegular || error !== undefined) writeFileSync(file, text);
}
