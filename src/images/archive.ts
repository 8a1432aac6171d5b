import { createReadStream } from 'node:fs';
import { posix } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { BadArchive } from './byte-source.ts';
import { compressionOf } from './compression.ts';
import { type TarEntry, tarEntries } from './tar-entries.ts';

/** Files with images by their names, such as the members of a tar file, which can be read in any order. */
export interface Archive {
  has(name: string): boolean;
  /** The content of a member. */
  stream(name: string): AsyncIterable<Buffer>;
  /** The content of a member that is JSON. */
  json(name: string): Promise<unknown>;
}

/** More members than an image of 127 layers has. */
const maxMembers = 10_000;
const maxJsonBytes = 16 * 1024 * 1024;

/** Reads the names of all members. @throws BadArchive */
export async function openArchive(file: string): Promise<Archive> {
  for await (const start of createReadStream(file, { end: 3 }))
    if (compressionOf(start) !== undefined) throw new BadArchive('is compressed; decompress it first');
  const members = new Map<string, TarEntry>();
  for await (const entry of tarEntries(createReadStream(file))) {
    members.set(entry.name, entry);
    if (members.size > maxMembers) throw new BadArchive(`has more than ${maxMembers} members and is no image`);
  }

  /** The member itself, or the target of its link: equal layers are links in older archives. */
  function memberAt(name: string, depth = 0): TarEntry {
    const entry = members.get(posix.normalize(name));
    if (entry === undefined || depth > 10) throw new BadArchive(`lacks ${name}`);
    if (entry.type === 'symbolic link') return memberAt(posix.join(posix.dirname(entry.name), entry.target), depth + 1);
    return entry.type === 'hard link' ? memberAt(entry.target, depth + 1) : entry;
  }
  function stream(name: string): AsyncIterable<Buffer> {
    const { offset, size } = memberAt(name);
    return size === 0 ? emptyStream() : createReadStream(file, { start: offset, end: offset + size - 1 });
  }
  return {
    has: (name) => members.has(name),
    stream,
    json: async (name) => jsonOf(name, memberAt(name).size, () => stream(name)),
  };
}

/** The JSON of a member, whose size is known before it is read. @throws BadArchive */
export async function jsonOf(name: string, size: number, stream: () => AsyncIterable<Buffer>): Promise<unknown> {
  if (size > maxJsonBytes) throw new BadArchive(`has a ${name} of more than 16 MiB`);
  try {
    return JSON.parse((await buffer(stream())).toString());
  } catch {
    throw new BadArchive(`has a ${name} that is not JSON`);
  }
}

async function* emptyStream(): AsyncGenerator<Buffer> {}
