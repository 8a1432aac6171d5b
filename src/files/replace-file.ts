import { randomUUID } from 'node:crypto';
import { access, constants, open, realpath, rename, stat, unlink } from 'node:fs/promises';
import path from 'node:path';

/**
 * Replaces the content of a file atomically, so that readers never see a partial file, even after a crash. Links are
 * followed; mode and owner stay. Returns the reason if it failed, in which case the file is unchanged.
 */
export async function replaceFile(file: string, bytes: Uint8Array): Promise<string | undefined> {
  try {
    const target = await realpath(file);
    // rename needs no permission on the file itself
    await access(target, constants.W_OK);
    await putInPlace(target, bytes);
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

async function putInPlace(target: string, bytes: Uint8Array): Promise<void> {
  const { mode, uid, gid } = await stat(target);
  const beside = path.join(path.dirname(target), `.${path.basename(target)}.${randomUUID()}`);
  try {
    await using file = await open(beside, 'wx', mode);
    const { uid: ownUid, gid: ownGid } = await file.stat();
    if (uid !== ownUid || gid !== ownGid) await file.chown(uid, gid);
    // restores mode bits that the umask cleared
    await file.chmod(mode);
    await file.writeFile(bytes);
    await file.sync();
    await rename(beside, target);
  } catch (error) {
    await unlink(beside).catch(() => undefined);
    throw error;
  }
}
