import { BadArchive, ByteSource } from './byte-source.ts';

/** One member of a tar archive. */
export interface TarEntry {
  /** Without a slash or `./` at its start and without a slash at its end. */
  readonly name: string;
  readonly type: 'file' | 'directory' | 'hard link' | 'symbolic link' | 'other';
  /** The permission bits, setuid and setgid included. */
  readonly mode: number;
  /** The target of a link, as written. */
  readonly target: string;
  readonly size: number;
  /** Where its content starts in the archive. */
  readonly offset: number;
  /** Extended attributes by name. */
  readonly xattrs: ReadonlyMap<string, Buffer>;
}

const block = 512;
/** Longer than the headers of any real file. */
const maxHeader = 1024 * 1024;
const xattrPrefix = 'SCHILY.xattr.';

/**
 * The members of a tar archive (POSIX or GNU), without their content. Common libraries drop extended attributes, or
 * decode them as UTF-8, which destroys capabilities.
 * @throws BadArchive
 */
export async function* tarEntries(stream: AsyncIterable<Uint8Array>): AsyncGenerator<TarEntry> {
  const source = new ByteSource(stream);
  const global = new Map<string, Buffer>();
  let own = new Map<string, Buffer>();
  for (;;) {
    const header = await source.take(block);
    if (header === undefined || header.every((byte) => byte === 0)) return;
    if (!hasChecksum(header)) throw new BadArchive('is not a tar archive');
    const flag = String.fromCharCode(header[156] ?? 0);
    const written = numberAt(header, 124, 12);
    if (flag === 'x' || flag === 'g' || flag === 'L' || flag === 'K') {
      const content = await contentOf(source, written);
      if (flag === 'g') addRecords(global, content);
      else if (flag === 'x') addRecords(own, content);
      else own.set(flag === 'L' ? 'path' : 'linkpath', Buffer.from(textOf(content)));
      continue;
    }
    const records = new Map([...global, ...own]);
    own = new Map();
    const size = records.has('size') ? Number(records.get('size')?.toString()) : written;
    yield entryOf(header, flag, records, { size, offset: source.offset });
    await source.skip(padded(size));
  }
}

const padded = (size: number): number => Math.ceil(size / block) * block;

async function contentOf(source: ByteSource, size: number): Promise<Buffer> {
  if (size > maxHeader) throw new BadArchive('has a header of more than 1 MiB');
  const content = await source.take(padded(size));
  return (content ?? Buffer.alloc(0)).subarray(0, size);
}

function entryOf(
  header: Buffer,
  flag: string,
  records: ReadonlyMap<string, Buffer>,
  { size, offset }: Pick<TarEntry, 'size' | 'offset'>,
): TarEntry {
  if (!(size >= 0)) throw new BadArchive('has a member without a size');
  const prefix = header.toString('latin1', 257, 262) === 'ustar' ? textOf(header.subarray(345, 500)) : '';
  const short = textOf(header.subarray(0, 100));
  const name = records.get('path')?.toString() ?? (prefix === '' ? short : `${prefix}/${short}`);
  const xattrs = [...records].filter(([key]) => key.startsWith(xattrPrefix));
  return {
    name: name.replace(/^(?:\.?\/)+/, '').replace(/\/+$/, ''),
    type: typeOf(flag),
    mode: numberAt(header, 100, 8) & 0o7777,
    target: records.get('linkpath')?.toString() ?? textOf(header.subarray(157, 257)),
    size,
    offset,
    xattrs: new Map(xattrs.map(([key, value]) => [key.slice(xattrPrefix.length), value])),
  };
}

const types: Readonly<Record<string, TarEntry['type']>> = { 1: 'hard link', 2: 'symbolic link', 5: 'directory' };

function typeOf(flag: string): TarEntry['type'] {
  if (flag === '0' || flag === '\0' || flag === '7') return 'file';
  return types[flag] ?? 'other';
}

const textOf = (field: Buffer): string => {
  const end = field.indexOf(0);
  return field.toString('utf8', 0, end === -1 ? field.length : end);
};

/** Octal, or binary if the first bit is set. */
function numberAt(header: Buffer, start: number, length: number): number {
  const field = header.subarray(start, start + length);
  if (((field[0] ?? 0) & 0x80) === 0) return Number.parseInt(textOf(field).trim() || '0', 8);
  return field.subarray(1).reduce((sum, byte) => sum * 256 + byte, (field[0] ?? 0) & 0x7f);
}

function hasChecksum(header: Buffer): boolean {
  const sum = header.reduce((total, byte, index) => total + (index >= 148 && index < 156 ? 0x20 : byte), 0);
  return numberAt(header, 148, 8) === sum;
}

/** PAX records: `length key=value\n`, in which the value can be binary. */
function addRecords(records: Map<string, Buffer>, content: Buffer): void {
  let at = 0;
  while (at < content.length) {
    const space = content.indexOf(' ', at);
    const length = Number(content.toString('latin1', at, space));
    const equals = content.indexOf('=', space);
    if (space === -1 || equals === -1 || !(length > equals - at) || at + length > content.length)
      throw new BadArchive('has a broken PAX header');
    records.set(content.toString('utf8', space + 1, equals), content.subarray(equals + 1, at + length - 1));
    at += length;
  }
}
