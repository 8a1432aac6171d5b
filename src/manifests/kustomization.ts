import { existsSync } from 'node:fs';
import path from 'node:path';
import { readWholeNow } from '../files/read-whole.ts';
import { decodeText } from '../yaml/encoding.ts';
import { readYaml } from '../yaml/read.ts';

/** A directory that Kustomize renders. */
export interface Kustomization {
  readonly folder: string;
  readonly file: string;
  /** A component of other kustomizations, which cannot be rendered by itself. */
  readonly isComponent: boolean;
  /** The absolute paths of its files and directories. */
  readonly parts: readonly string[];
  /** Those of them that contain complete objects, not patches or settings. */
  readonly resources: readonly string[];
}

/** The file names that Kustomize recognizes, in order of precedence. */
export const kustomizationNames = ['kustomization.yaml', 'kustomization.yml', 'Kustomization'];

const maxBytes = 16 * 1024 * 1024;

/** Members that contain paths, or objects with paths in them. */
const members = [
  'resources',
  'bases',
  'components',
  'crds',
  'patches',
  'patchesStrategicMerge',
  'patchesJson6902',
  'replacements',
  'transformers',
  'generators',
  'validators',
  'configurations',
  'configMapGenerator',
  'secretGenerator',
  'helmCharts',
  'openapi',
];

const objectMembers = ['resources', 'bases', 'components'];

/**
 * Reads the files that a kustomization refers to; empty if it cannot be read. Undefined for an object of another API with
 * such a file name, such as Flux's own Kustomization.
 */
export function readKustomization(file: string): Kustomization | undefined {
  const folder = path.dirname(file);
  const content = readWholeNow(file, { maxBytes });
  const [document] = 'bytes' in content ? readYaml(decodeText(content.bytes)).documents : [];
  const value = document?.value as Readonly<Record<string, unknown>> | undefined;
  const apiVersion = value?.['apiVersion'] ?? '';
  if (typeof apiVersion === 'string' && !/^(?:kustomize\.config\.k8s\.io\/.*)?$/.test(apiVersion)) return undefined;
  const pathsOf = (names: readonly string[]): string[] =>
    names
      .flatMap((name) => textsIn(value?.[name]))
      .filter((text) => !/[\n:]/.test(text))
      .map((text) => path.resolve(folder, text.split('=').at(-1) ?? ''));
  const isComponent = value?.['kind'] === 'Component';
  return { folder, file, isComponent, parts: pathsOf(members), resources: pathsOf(objectMembers) };
}

/** The kustomization of a folder, if it has one. */
export function kustomizationIn(folder: string): Kustomization | undefined {
  for (const name of kustomizationNames) {
    const file = path.join(folder, name);
    const found = existsSync(file) ? readKustomization(file) : undefined;
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The absolute paths of the files with the complete objects of a kustomization, including its bases. */
export function objectFilesOf({ resources }: Kustomization, files: Set<string> = new Set()): ReadonlySet<string> {
  for (const resource of resources) {
    if (files.has(resource)) continue;
    files.add(resource);
    const base = kustomizationIn(resource);
    if (base !== undefined) objectFilesOf(base, files);
  }
  return files;
}

/** All strings in a value: paths, and others that do not name a file. */
function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
}
