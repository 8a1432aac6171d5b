import { createHash } from 'node:crypto';
import { gzipSync, zstdCompressSync } from 'node:zlib';

/** A member of a tar archive. */
export interface Member {
  readonly name: string;
  readonly content?: string | Buffer;
  readonly mode?: number;
  /** `0` is a file, `1` a hard link, `2` a symbolic link, `5` a directory. */
  readonly type?: string;
  readonly target?: string;
  /** PAX records. */
  readonly pax?: Readonly<Record<string, string | Buffer>>;
}

export const tarOf = (members: readonly Member[]): Buffer =>
  Buffer.concat([...members.flatMap(blocksOf), Buffer.alloc(1024)]);

function blocksOf({ pax, ...member }: Member): Buffer[] {
  if (pax === undefined) return plainBlocks(member);
  const records = Object.entries(pax).map(([key, value]) => recordOf(key, Buffer.from(value)));
  return [...plainBlocks({ name: 'pax', type: 'x', content: Buffer.concat(records) }), ...plainBlocks(member)];
}

function recordOf(key: string, value: Buffer): Buffer {
  const rest = Buffer.concat([Buffer.from(` ${key}=`), value, Buffer.from('\n')]);
  let length = rest.length;
  while (length !== rest.length + String(length).length) length = rest.length + String(length).length;
  return Buffer.concat([Buffer.from(String(length)), rest]);
}

function plainBlocks({ name, content = '', mode = 0o644, type = '0', target = '' }: Member): Buffer[] {
  const bytes = Buffer.from(content);
  const header = Buffer.alloc(512);
  const octal = (value: number, at: number, length: number) =>
    header.write(value.toString(8).padStart(length - 1, '0'), at);
  header.write(name, 0);
  octal(mode, 100, 8);
  octal(bytes.length, 124, 12);
  header.write(type, 156);
  header.write(target, 157);
  header.write('ustar\0', 257);
  header.fill(' ', 148, 156);
  octal(
    header.reduce((sum, byte) => sum + byte, 0),
    148,
    7,
  );
  return [header, bytes, Buffer.alloc((512 - (bytes.length % 512)) % 512)];
}

/** `vfs_cap_data` of revision 2 with the effective flag. */
export function capabilityAttribute(...numbers: readonly number[]): Record<string, Buffer> {
  const attribute = Buffer.alloc(20);
  attribute.writeUInt32LE(0x02000001, 0);
  for (const number of numbers) {
    const at = number < 32 ? 4 : 12;
    attribute.writeUInt32LE((attribute.readUInt32LE(at) | (1 << (number & 31))) >>> 0, at);
  }
  return { 'SCHILY.xattr.security.capability': attribute };
}

export const packed = { none: (bytes: Buffer) => bytes, gzip: gzipSync, zstd: zstdCompressSync };

/** An archive as `docker save` writes it. */
export function dockerArchive(config: object, layers: readonly Buffer[], tags: readonly string[] | null): Buffer {
  const names = layers.map((_, index) => `layer-${index}/layer.tar`);
  const manifest = [{ Config: 'config.json', RepoTags: tags, Layers: names }];
  return tarOf([
    ...layers.map((content, index) => ({ name: names[index] ?? '', content })),
    { name: 'config.json', content: JSON.stringify({ config }) },
    { name: 'manifest.json', content: JSON.stringify(manifest) },
  ]);
}

/** An archive of `membersOfLayout`. */
export const ociArchive = (config: object, layers: readonly Buffer[], annotations: object): Buffer =>
  tarOf(membersOfLayout(config, layers, annotations));

/** The files of an OCI layout with an image for two platforms, of which only amd64 has this content. */
export function membersOfLayout(config: object, layers: readonly Buffer[], annotations: object): Member[] {
  const members: Member[] = [];
  function descriptorOf(content: Buffer | object, more: object = {}): object {
    const bytes = Buffer.isBuffer(content) ? content : Buffer.from(JSON.stringify(content));
    const hex = createHash('sha256').update(bytes).digest('hex');
    members.push({ name: `blobs/sha256/${hex}`, content: bytes });
    return { digest: `sha256:${hex}`, size: bytes.length, ...more };
  }
  const manifestOf = (own: object, blobs: readonly Buffer[]) => ({
    config: descriptorOf({ config: own }),
    layers: blobs.map((layer) => descriptorOf(layer)),
  });
  const platform = (architecture: string, os = 'linux') => ({ platform: { architecture, os } });
  const image = {
    manifests: [
      descriptorOf(manifestOf({ User: 'other' }, []), platform('arm64')),
      descriptorOf(manifestOf(config, layers), platform('amd64')),
      descriptorOf(manifestOf({ User: 'attestation' }, []), platform('unknown', 'unknown')),
    ],
  };
  const index = { schemaVersion: 2, manifests: [descriptorOf(image, { annotations })] };
  return [
    { name: './oci-layout', content: '{"imageLayoutVersion":"1.0.0"}' },
    { name: './index.json', content: JSON.stringify(index) },
    ...members,
  ];
}
