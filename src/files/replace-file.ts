import { randomUUID } from 'node:crypto';
import { access, constants, open, realpath, rename, stat, unlink } from 'node:fs/promises';
import path from 'node:path';

/**
 * Replaces the content of a file at once: a reader, or a crash, never leaves it half written. A link is followed; mode and
 * owner stay. Returns why it failed, in which case the file is as it was.
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
    // what the umask took away
    await file.chmod(mode);
    await file.writeFile(bytes);
    await file.sync();
    await rename(beside, target);
  } catch (error) {
    await unlink(beside).catch(() => undefined);
    throw error;
  }
}
