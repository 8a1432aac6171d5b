import type { Archive } from './archive.ts';
import { BadArchive } from './byte-source.ts';

/** One image in an archive. */
export interface ArchivedImage {
  /** The name that the archive records, if it does. */
  readonly name: string | undefined;
  /** The members with its configuration and its layers, the lowest first. */
  readonly config: string;
  readonly layers: readonly string[];
}

/** The images in an archive of `docker save` or in an OCI layout. @throws BadArchive */
export async function archivedImages(archive: Archive): Promise<ArchivedImage[]> {
  if (archive.has('manifest.json')) return dockerImages(await archive.json('manifest.json'));
  if (archive.has('index.json')) return ociImages(archive, await archive.json('index.json'));
  throw new BadArchive('is no image: it has neither manifest.json nor index.json');
}

function dockerImages(manifest: unknown): ArchivedImage[] {
  return listOf(manifest, 'images').flatMap((image) => {
    const { RepoTags: tags, Config: config, Layers: layers } = Object(image) as Record<string, unknown>;
    const names = Array.isArray(tags) && tags.length > 0 ? tags.map(String) : [undefined];
    const found = { config: textOf(config, 'Config'), layers: listOf(layers, 'Layers').map(String) };
    return names.map((name) => ({ name, ...found }));
  });
}

/** `linux/amd64` stands for all platforms of an image, because their files have the same rights. */
async function ociImages(archive: Archive, index: unknown, name?: string): Promise<ArchivedImage[]> {
  const manifests = listOf(Object(index).manifests, 'manifests').map((each) => Object(each) as Descriptor);
  const linux = manifests.filter(({ platform }) => platform === undefined || platform.os === 'linux');
  const isChoice = name !== undefined || linux.some(({ platform }) => platform !== undefined);
  const best = linux.find(({ platform }) => platform?.architecture === 'amd64') ?? linux[0];
  const chosen = isChoice && best !== undefined ? [best] : linux;
  const images = await Promise.all(
    chosen.map(async (descriptor) => {
      const own = name ?? nameOf(descriptor);
      const manifest = Object(await archive.json(blobOf(descriptor))) as OciManifest;
      if (manifest.manifests !== undefined) return ociImages(archive, manifest, own ?? '');
      const layers = listOf(manifest.layers, 'layers').map((layer) => blobOf(Object(layer) as Descriptor));
      return [{ name: own === '' ? undefined : own, config: blobOf(Object(manifest.config) as Descriptor), layers }];
    }),
  );
  return images.flat();
}

interface Descriptor {
  readonly digest?: unknown;
  readonly platform?: { readonly os?: unknown; readonly architecture?: unknown };
  readonly annotations?: Readonly<Record<string, unknown>>;
}

interface OciManifest {
  readonly manifests?: unknown;
  readonly config?: unknown;
  readonly layers?: unknown;
}

/** The name by containerd, or that of the OCI layout if it is more than a tag. */
function nameOf({ annotations = {} }: Descriptor): string | undefined {
  const full = annotations['io.containerd.image.name'];
  if (typeof full === 'string') return full;
  const reference = annotations['org.opencontainers.image.ref.name'];
  return typeof reference === 'string' && /[/:]/.test(reference) ? reference : undefined;
}

function blobOf({ digest }: Descriptor): string {
  const [, algorithm, hex] = /^(\w+):([0-9a-f]+)$/.exec(String(digest)) ?? [];
  if (hex === undefined) throw new BadArchive('has a manifest without a digest');
  return `blobs/${algorithm}/${hex}`;
}

function listOf(value: unknown, what: string): readonly unknown[] {
  if (!Array.isArray(value)) throw new BadArchive(`has a manifest without ${what}`);
  return value;
}

function textOf(value: unknown, what: string): string {
  if (typeof value !== 'string') throw new BadArchive(`has a manifest without ${what}`);
  return value;
}
