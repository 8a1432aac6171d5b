import { posix } from 'node:path';
import { PassThrough, pipeline, Readable, type Transform } from 'node:stream';
import { createGunzip, createZstdDecompress } from 'node:zlib';
import { parseImage } from '../subject/image.ts';
import type { ImageFacts } from '../subject/image-facts.ts';
import { isImageUser } from '../subject/image-user.ts';
import type { Archive } from './archive.ts';
import { type ArchivedImage, archivedImages } from './archived-images.ts';
import { BadArchive } from './byte-source.ts';
import { compressionOf } from './compression.ts';
import { type ImageConfig, imageConfigIn } from './image-config.ts';
import { type LayerFiles, type NotableFile, openLayerFiles } from './layer-files.ts';
import { openImages } from './open-images.ts';
import { tarEntries } from './tar-entries.ts';

/** The facts that an archive shows about one image. */
export interface ImageReport {
  /** The full name with tag or digest; undefined if the archive records none. */
  readonly name: string | undefined;
  readonly facts: ImageFacts;
  /** The user that its configuration names, if it is none that a policy can state; `facts` then have no user. */
  readonly strangeUser: string | undefined;
  /** Programs with setuid that every distribution has; whether the image uses them cannot be seen. */
  readonly ofDistribution: readonly string[];
}

/** The facts of all images in an archive or in a directory with an OCI layout. @throws BadArchive */
export async function reportsOf(place: string): Promise<ImageReport[]> {
  const archive = await openImages(place);
  const reports: ImageReport[] = [];
  for (const image of await archivedImages(archive)) reports.push(await reportOf(archive, image));
  if (reports.length === 0) throw new BadArchive('has no image for Linux');
  return reports;
}

async function reportOf(archive: Archive, { name, config, layers }: ArchivedImage): Promise<ImageReport> {
  const written = imageConfigIn(await archive.json(config));
  if (written === undefined) throw new BadArchive(`has a ${config} that is no configuration of an image`);
  const files = openLayerFiles();
  for (const [number, layer] of layers.entries()) await applyLayer(archive.stream(layer), files, number);
  return { name: name === undefined ? undefined : fullName(name), ...factsFrom(written, files.files()) };
}

async function applyLayer(content: AsyncIterable<Buffer>, files: LayerFiles, number: number): Promise<void> {
  for await (const entry of tarEntries(await decompressed(content))) files.apply(entry, number);
}

/** Layers are plain, gzip or zstd; their first bytes show which. */
async function decompressed(content: AsyncIterable<Buffer>): Promise<AsyncIterable<Uint8Array>> {
  const chunks = content[Symbol.asyncIterator]();
  const { value: first = Buffer.alloc(0) } = await chunks.next();
  const whole = Readable.from(
    (async function* () {
      yield first;
      for (let next = await chunks.next(); next.done !== true; next = await chunks.next()) yield next.value;
    })(),
  );
  // a broken stream is reported by the one that reads it
  return pipeline(whole, decompressorOf(first), () => undefined);
}

function decompressorOf(first: Buffer): Transform {
  const compression = compressionOf(first);
  if (compression === undefined) return new PassThrough();
  return compression === 'gzip' ? createGunzip() : createZstdDecompress();
}

function fullName(written: string): string {
  const image = parseImage(written);
  if (image === undefined) throw new BadArchive(`names an image that is no valid reference: ${written}`);
  const { registry, repository, tag, digest } = image;
  return `${registry}/${repository}${digest === undefined ? `:${tag ?? 'latest'}` : `@${digest}`}`;
}

/** Programs with setuid, setgid or file capabilities in the base of a distribution. */
const ofDistribution = new Set(
  'bbsuid chage chfn chsh crontab expiry gpasswd mount mount.nfs newgrp pam_timestamp_check passwd ping ping6 ssh-agent ssh-keysign su umount unix_chkpwd userhelper wall write'.split(
    ' ',
  ),
);

function factsFrom(config: ImageConfig, files: ReadonlyMap<string, NotableFile>): Omit<ImageReport, 'name'> {
  const started = startedPaths(config).find((path) => files.has(path));
  const { capabilities = [] } = (started === undefined ? undefined : files.get(started)) ?? {};
  const gaining = [...files]
    .filter(([path, { isSetuid, capabilities: own }]) => isSetuid || (own.length > 0 && path !== started))
    .map(([path]) => posix.basename(path));
  const names = [...new Set(gaining.map(nameable))].toSorted();
  const own = names.filter((name) => !ofDistribution.has(name));
  const known = names.filter((name) => ofDistribution.has(name));
  const user = userOf(config.User);
  return {
    strangeUser: isImageUser(user) ? undefined : config.User,
    facts: {
      ...(isImageUser(user) && { user }),
      // whether the image uses a program of its distribution is for its author to say
      ...((own.length > 0 || known.length === 0) && { setuid: own }),
      capabilities,
      ...programsAmong(files),
    },
    ofDistribution: known,
  };
}

/** The fact about `sleep` is stated only where it is not that of the shell. */
function programsAmong(files: ReadonlyMap<string, NotableFile>): Pick<ImageFacts, 'shell' | 'sleep'> {
  const programs = new Set([...files.values()].map(({ program }) => program));
  const shell = programs.has('shell');
  const sleep = programs.has('sleep');
  return { shell, ...(sleep !== shell && { sleep }) };
}

/** A name of spaces is shown in quotes. */
const nameable = (name: string): string => (name.trim() === '' ? JSON.stringify(name) : name);

/** An image without a user runs as root. */
function userOf(written = ''): number | string {
  const [user = ''] = written.split(':');
  if (user === '' || user === 'root') return 0;
  return /^\d+$/.test(user) ? Number(user) : user;
}

/** Where the program that the image starts can be. */
function startedPaths({ Entrypoint, Cmd, Env }: ImageConfig): string[] {
  const [program] = [Entrypoint, Cmd].flatMap((words) => (Array.isArray(words) ? words.map(String) : []));
  if (program === undefined) return [];
  const folders = program.includes('/') ? ['/'] : pathOf(Env).split(':');
  return folders
    .map((folder) => posix.join(folder, program).replace(/^\/+/, ''))
    .flatMap((path) => [path, path.startsWith('usr/') ? path.slice('usr/'.length) : `usr/${path}`]);
}

const defaultPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

function pathOf(variables: unknown): string {
  const found = Array.isArray(variables) ? variables.map(String).find((each) => each.startsWith('PATH=')) : undefined;
  return found?.slice('PATH='.length) ?? defaultPath;
}
