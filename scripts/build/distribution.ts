import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RolldownOutput } from 'rolldown';
import { type PackageManifest, packagesIn } from './bundled-packages.ts';
import { buildLibrary, buildTypes } from './library.ts';
import { thirdPartyNotices } from './notices.ts';
import { buildProgram } from './program.ts';
import { billOfMaterials } from './sbom.ts';

const root = join(import.meta.dirname, '../..');

/** Builds everything that the package holds into the folder, and returns what was written of program and library. */
export async function buildDistribution(
  folder: string,
): Promise<{ readonly program: RolldownOutput; readonly library: RolldownOutput }> {
  const [program, library] = await Promise.all([buildProgram(folder), buildLibrary(folder), buildTypes(folder)]);
  const packages = await packagesIn([program, library]);
  const manifest = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as PackageManifest;
  await writeFile(join(folder, 'THIRD-PARTY-NOTICES'), thirdPartyNotices(packages));
  await writeFile(join(folder, 'sbom.cdx.json'), billOfMaterials(manifest, packages));
  return { program, library };
}
