import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { type Archive, jsonOf } from './archive.ts';
import { BadArchive } from './byte-source.ts';

const index = 'index.json';

/** A directory with an OCI layout, read like an archive of it. @throws BadArchive */
export async function openLayout(directory: string): Promise<Archive> {
  if ((await sizeOf(index)) === undefined)
    throw new BadArchive(`is a directory without ${index}; specify an OCI layout, or an archive of docker save`);

  /** Undefined if it is no file. Names are those of the layout itself, so they cannot lead out of the directory. */
  async function sizeOf(name: string): Promise<number | undefined> {
    const found = await stat(path.join(directory, name)).catch(() => undefined);
    return found?.isFile() ? found.size : undefined;
  }
  async function knownSizeOf(name: string): Promise<number> {
    const size = await sizeOf(name);
    if (size === undefined) throw new BadArchive(`lacks ${name}`);
    return size;
  }
  async function* stream(name: string): AsyncGenerator<Buffer> {
    await knownSizeOf(name);
    yield* createReadStream(path.join(directory, name));
  }
  return {
    // an OCI layout has no other list of its images
    has: (name) => name === index,
    stream,
    json: async (name) => jsonOf(name, await knownSizeOf(name), () => stream(name)),
  };
}
