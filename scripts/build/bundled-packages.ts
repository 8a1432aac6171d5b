import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Contrib } from '@cyclonedx/cyclonedx-library';
import type { RolldownOutput } from 'rolldown';

/** The relevant fields of a `package.json`. */
export interface PackageManifest {
  readonly name: string;
  readonly version: string;
  readonly license: string;
}

/** A package of which something is in the bundle. */
export interface BundledPackage {
  readonly manifest: PackageManifest;
  /** The texts of its licence and notice files. */
  readonly texts: readonly string[];
}

const licenses = new Contrib.License.Utils.LicenseEvidenceGatherer();

/** The packages that the bundles hold, sorted by name. */
export async function packagesIn(bundles: readonly RolldownOutput[]): Promise<BundledPackage[]> {
  const modules = bundles.flatMap(({ output }) =>
    output.flatMap((file) => (file.type === 'chunk' ? file.moduleIds : [])),
  );
  const folders = new Set(modules.flatMap((id) => /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+/.exec(id) ?? []));
  const packages = await Promise.all([...folders].map(bundledPackage));
  // npm may have installed the same version in two places
  const byId = new Map(packages.map((each) => [`${each.manifest.name}@${each.manifest.version}`, each]));
  return [...byId].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, each]) => each);
}

async function bundledPackage(folder: string): Promise<BundledPackage> {
  const manifest = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as PackageManifest;
  const texts = [...licenses.getFileAttachments(folder)].map(({ text }) =>
    Buffer.from(String(text.content), 'base64').toString().trim(),
  );
  return { manifest, texts };
}
