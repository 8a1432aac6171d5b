import { realpathSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';

/** Of a disk that takes no more. */
const fullCodes: ReadonlySet<string | undefined> = new Set(['ENOSPC', 'EDQUOT', 'EFBIG', 'EIO']);

/**
 * Writes a text to a file; throws if that fails. If the disk is full, an existing file is unchanged. Devices, pipes and
 * files that cannot be replaced, such as mounted ones, are written directly.
 */
export function writeWhole(file: string, text: string): void {
  const known = statSync(file, { throwIfNoEntry: false });
  if (known === undefined || !known.isFile()) return writeFileSync(file, text);
  const target = realpathSync(file);
  // the global loads the module only here
  const beside = `${target}.${crypto.randomUUID()}`;
  try {
    writeFileSync(beside, text, { flag: 'wx', mode: known.mode });
    renameSync(beside, target);
  } catch (error) {
    rmSync(beside, { force: true });
    if (fullCodes.has((error as NodeJS.ErrnoException).code)) throw error;
    writeFileSync(file, text);
  }
}
