import {
  accessSync,
  closeSync,
  constants,
  fchmodSync,
  fchownSync,
  fstatSync,
  fsyncSync,
  openSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';

/**
 * Replaces the content of a file atomically, so that readers never see a partial file, even after a crash. Links are
 * followed; mode and owner stay. Returns the error if it failed, in which case the file is unchanged.
 */
export function replaceFile(file: string, content: Uint8Array | string): NodeJS.ErrnoException | undefined {
  try {
    const target = realpathSync(file);
    // rename needs no permission on the file itself
    accessSync(target, constants.W_OK);
    putInPlace(target, content);
    return undefined;
  } catch (error) {
    return error as NodeJS.ErrnoException;
  }
}

function putInPlace(target: string, content: Uint8Array | string): void {
  // the global loads the module on demand
  const beside = path.join(path.dirname(target), `.${path.basename(target)}.${crypto.randomUUID()}`);
  try {
    writeLike(target, beside, content);
    renameSync(beside, target);
  } catch (error) {
    rmSync(beside, { force: true });
    throw error;
  }
}

/** Writes a new file with the mode and the owner of another one. */
function writeLike(target: string, beside: string, content: Uint8Array | string): void {
  const { mode, uid, gid } = statSync(target);
  const opened = openSync(beside, 'wx', mode);
  try {
    const own = fstatSync(opened);
    if (uid !== own.uid || gid !== own.gid) fchownSync(opened, uid, gid);
    // restores mode bits that the umask cleared
    fchmodSync(opened, mode);
    writeFileSync(opened, content);
    fsyncSync(opened);
  } finally {
    closeSync(opened);
  }
}
