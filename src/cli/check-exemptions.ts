import { type Exemption, holds } from '../engine/exemption.ts';
import type { Policy } from '../engine/policy.ts';
import { readCarriedExemptions } from '../policy/carried-exemptions.ts';
import { grant } from '../policy/grant.ts';
import { problemLines } from '../policy/problem-lines.ts';
import { rules } from '../rules/index.ts';
import { type CommandResult, rejected } from './command-result.ts';
import { counted } from './output/layout.ts';

interface Question {
  /** The name of the file, and its content. */
  readonly file: string;
  readonly text: string;
  readonly policy: Policy;
  /** The namespace, if the file does not specify it. */
  readonly namespace: string | undefined;
  readonly now: number;
}

/** Lists a team's exemptions that a policy grants, and the reasons against the others. Exits with 2 unless all are granted. */
export async function checkExemptions({ file, text, policy, now, ...given }: Question): Promise<CommandResult> {
  const { written, namespace: own, placed } = await readCarriedExemptions(text, rules);
  const namespace = given.namespace ?? own;
  if (namespace === undefined) return rejected(`${file} does not specify a namespace; add -n NAMESPACE`);
  const { exemptions, problems } = grant(written, { name: namespace, labels: undefined }, policy, now);
  const labels = Object.entries(policy.selfService?.match?.labels ?? {}).map(([key, value]) => `${key}=${value}`);
  return {
    output: [
      `${file}: ${counted(exemptions.length, 'exemption')} granted in namespace ${namespace}`,
      ...exemptions.map((exemption) => grantedLine(exemption, now)),
      ...problemLines(placed(problems), file).map((line) => `not granted: ${line}`),
    ].join('\n'),
    messages:
      exemptions.length > 0 && labels.length > 0
        ? [`note: the policy grants them only while namespace ${namespace} has the label ${labels.join(', ')}`]
        : [],
    exitCode: problems.length > 0 ? 2 : 0,
  };
}

/** `granted: legacy: run-as-non-root until 2026-12-12, for Deployment/legacy`. */
function grantedLine(exemption: Exemption, now: number): string {
  const { name, rules: ids, expires = '', match } = exemption;
  const { namespaces: _, namespaceLabels: __, ...fields } = match;
  const whom = Object.values(fields)
    .map((values: readonly string[]) => values.join(' or '))
    .join(' with ');
  const end = holds(exemption, now) ? `until ${expires}` : `expired on ${expires}`;
  return `granted: ${name.slice(name.lastIndexOf('/') + 1)}: ${ids.join(', ')} ${end}, for ${whom}`;
}
