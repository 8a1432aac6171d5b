import type { Rule } from '../engine/rule.ts';
import { teamConfigMap, teamTextPath } from '../manifests/team-config-map.ts';
import { valueAt } from '../patch/pointer.ts';
import type { YamlDocument } from '../yaml/document.ts';
import { placedProblems } from './placed-problems.ts';
import type { PolicyProblem } from './policy-problem.ts';
import { readTeamExemptions, type TeamExemptions } from './team-exemptions.ts';

/** A team's exemptions as a file holds them. */
export interface CarriedExemptions {
  readonly written: TeamExemptions;
  /** That of the ConfigMap; undefined if it does not specify one, or if the file is the text alone. */
  readonly namespace: string | undefined;
  /** Problems of the exemptions at their places in the file. */
  readonly placed: (problems: readonly PolicyProblem[]) => readonly PolicyProblem[];
}

/** Reads a team's exemptions from the ConfigMap, possibly among other objects, or from a file with its text. */
export async function readCarriedExemptions(text: string, rules: readonly Rule[]): Promise<CarriedExemptions> {
  const { readYaml } = await import('../yaml/read.ts');
  for (const document of readYaml(text).documents) {
    const { value } = document;
    const own = valueAt(value, teamTextPath);
    if (!isOfTeam(document) || typeof own !== 'string') continue;
    const namespace = valueAt(value, '/metadata/namespace');
    return {
      written: await readTeamExemptions(own, rules),
      namespace: typeof namespace === 'string' ? namespace : undefined,
      placed: (problems) => placedProblems(text, document, teamTextPath, problems),
    };
  }
  return { written: await readTeamExemptions(text, rules), namespace: undefined, placed: (problems) => problems };
}

/** Whether a file has the ConfigMap of a team's exemptions. */
export async function carriesExemptions(text: string): Promise<boolean> {
  const { readYaml } = await import('../yaml/read.ts');
  return readYaml(text).documents.some(isOfTeam);
}

const isOfTeam = ({ value }: YamlDocument): boolean =>
  valueAt(value, '/kind') === 'ConfigMap' && valueAt(value, '/metadata/name') === teamConfigMap.name;
