import { accountsOf, asAdmitted, unlistedOperators } from '../audit/operators/index.ts';
import { failureLines } from './audit-messages.ts';
import type { AuditOptions } from './audit-options.ts';
import { openOutputs } from './audit-outputs.ts';
import { type FoundClusterPolicy, type PolicyNamespaceOption, policyInForce } from './cluster-policy.ts';
import { type CommandResult, rejected } from './command-result.ts';
import { evaluateCluster, unreadableLines } from './evaluate-cluster.ts';
import type { Presentation } from './formats/presentation.ts';
import { type ClusterOptions, type OpenedCluster, openCluster } from './open-cluster.ts';
import type { Paint } from './output/paint.ts';
import { unlistedLines } from './output/preview-operators.ts';
import { adjusted, readPolicyFile } from './policy-options.ts';
import type { ProgressLine } from './progress-line.ts';
import { readTeamGrants } from './team-grants.ts';

/** Audits the running workloads of a cluster, as far as they may be read. */
export async function runClusterAudit(
  options: AuditOptions & ClusterOptions & PolicyNamespaceOption & Pick<Presentation, 'views'>,
  paint: Paint,
  progress: ProgressLine,
): Promise<CommandResult> {
  const opened = await openOutputs(options, paint);
  if ('problem' in opened) return rejected(opened.problem);
  const cluster = await openCluster(options);
  if ('problem' in cluster) return rejected(cluster.problem);
  const chosen = await chosenPolicy(options, cluster);
  if ('problems' in chosen) return rejected(...chosen.problems);
  const asked = adjusted(chosen.policy, options);
  const teams = await readTeamGrants(cluster, [asked], options);
  const policy = teams.granted(asked);
  const evaluated = await evaluateCluster(cluster, [policy], options, progress, { pods: opened.collector.keepsPods });
  if ('problems' in evaluated) return rejected(...evaluated.problems);
  const believed = evaluated.subjects.flat();
  const subjects = believed.map(asAdmitted(accountsOf(believed), policy));
  for (const subject of subjects) opened.collector.takeRolledUp(subject);
  const { source: policySource } = chosen;
  const about = { problems: [], policy, policySource, evaluated: `the cluster ${cluster.name}`, views: options.views };
  const { output, files, isBad } = await opened.outputs(about);
  const unlisted = unlistedLines(unlistedOperators(believed, policy));
  return {
    output,
    files,
    messages: [
      `policy: ${chosen.source}`,
      ...teams.lines(asked),
      ...unreadableLines([...evaluated.unreadable, ...teams.unreadable]),
      ...failureLines(subjects),
      ...unlisted,
    ],
    exitCode: isBad ? 1 : 0,
  };
}

async function chosenPolicy(
  options: AuditOptions & PolicyNamespaceOption,
  { client }: OpenedCluster,
): Promise<FoundClusterPolicy> {
  if (options.policy === undefined) return policyInForce(client, options);
  const policy = await readPolicyFile(options.policy);
  return 'problems' in policy ? policy : { policy, source: options.policy };
}
