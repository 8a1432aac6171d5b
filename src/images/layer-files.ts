import { posix } from 'node:path';
import { isShell } from '../subject/exec-command.ts';
import { BadArchive } from './byte-source.ts';
import { fileCapabilities } from './file-capabilities.ts';
import type { TarEntry } from './tar-entries.ts';

/** The relevant facts about one file of an image. */
export interface NotableFile {
  /** It runs as its owner or group, or with file capabilities. */
  readonly isSetuid: boolean;
  readonly capabilities: readonly string[];
  /** What a preStop hook can run. */
  readonly program: 'shell' | 'sleep' | undefined;
}

/** The notable files of an image by their paths, as its layers are applied one after the other. */
export interface LayerFiles {
  /** Applies the next entry of a layer; layers are numbered from the lowest. */
  apply(entry: TarEntry, layer: number): void;
  files(): ReadonlyMap<string, NotableFile>;
}

const setuidOrSetgid = 0o6000;
const executable = 0o111;
const whiteout = '.wh.';
const opaque = '.wh..wh..opq';
/** More than any image has; an archive that is made to fill the memory ends here. */
const maxFiles = 100_000;

export function openLayerFiles(): LayerFiles {
  const found = new Map<string, NotableFile & { readonly layer: number }>();

  /** Removes the files of lower layers at a path and below it. */
  function hide(path: string, layer: number): void {
    for (const [name, file] of found)
      if (file.layer < layer && (name === path || path === '' || name.startsWith(`${path}/`))) found.delete(name);
  }
  return {
    apply(entry, layer) {
      const [folder, base] = [posix.dirname(entry.name), posix.basename(entry.name)];
      const parent = folder === '.' ? '' : folder;
      if (base === opaque) return hide(parent, layer);
      if (base.startsWith(whiteout)) return hide(posix.join(parent, base.slice(whiteout.length)), layer);
      const linked = entry.type === 'hard link' ? found.get(entry.target.replace(/^(?:\.?\/)+/, '')) : undefined;
      // only a directory keeps what lower layers have below it
      if (entry.type !== 'directory') hide(entry.name, layer);
      found.delete(entry.name);
      const file = linked ?? notableFile(entry, base);
      if (file === undefined) return;
      if (found.size >= maxFiles) throw new BadArchive(`has more than ${maxFiles} programs with privileges`);
      found.set(entry.name, { ...file, program: hookProgram(base), layer });
    },
    files: () => found,
  };
}

function notableFile({ type, mode, xattrs }: TarEntry, base: string): NotableFile | undefined {
  const attribute = type === 'file' ? xattrs.get('security.capability') : undefined;
  const capabilities = attribute === undefined ? [] : fileCapabilities(attribute);
  const isSetuid = type === 'file' && (mode & setuidOrSetgid) !== 0 && (mode & executable) !== 0;
  // a link is one name of a program with many, such as busybox
  const isProgram = type === 'hard link' || type === 'symbolic link' || (type === 'file' && (mode & executable) !== 0);
  const program = isProgram ? hookProgram(base) : undefined;
  return isSetuid || capabilities.length > 0 || program !== undefined ? { isSetuid, capabilities, program } : undefined;
}

function hookProgram(name: string): NotableFile['program'] {
  if (isShell(name)) return 'shell';
  return name === 'sleep' ? 'sleep' : undefined;
}
