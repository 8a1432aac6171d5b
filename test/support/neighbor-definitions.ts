import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Definitions of neighbors' custom resources, which are not part of this repository. */
const folder = join(import.meta.dirname, '../../../shared/crds');

/** What needs them is skipped without them: a clone alone does not have them. */
export const hasDefinitions = existsSync(folder);

/** The definitions of these kinds, such as `openreports.io_reports`, as one stream of YAML. */
export function definitionsOf(...kinds: readonly string[]): string {
  return kinds.map((kind) => readFileSync(join(folder, `${kind}.yaml`), 'utf8')).join('\n---\n');
}
