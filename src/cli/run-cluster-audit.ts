import { reaches } from '../audit/audit-report.ts';
import { unlistedOperators } from '../audit/unlisted-operators.ts';
import { failureLines } from './audit-messages.ts';
import { compared } from './baseline.ts';
import { type PolicyInForce, policyInForce } from './cluster-policy.ts';
import { type CommandResult, refused } from './command-result.ts';
import { judgeCluster, unreadableLines } from './judge-cluster.ts';
import { type ClusterOptions, type OpenedCluster, openCluster } from './open-cluster.ts';
import type { Paint } from './output/paint.ts';
import { unlistedLines } from './output/preview-operators.ts';
import { adjusted, readPolicy } from './policy-options.ts';
import type { ProgressLine } from './progress-line.ts';
import { type AuditOptions, outputsOf } from './run-audit.ts';

/** Audits the running workloads of a cluster, as far as they may be read. */
export async function runClusterAudit(
  options: AuditOptions & ClusterOptions,
  paint: Paint,
  progress: ProgressLine,
): Promise<CommandResult> {
  const cluster = await openCluster(options);
  if ('problem' in cluster) return refused(cluster.problem);
  const chosen = await chosenPolicy(options, cluster);
  if ('problems' in chosen) return refused(...chosen.problems);
  const policy = adjusted(chosen.policy, options);
  const judged = await judgeCluster(cluster, [policy], options, progress);
  if ('problems' in judged) return refused(...judged.problems);
  const comparison = await compared({ subjects: judged.subjects.flat() }, options);
  if ('problem' in comparison) return refused(comparison.problem);
  const { report } = comparison;
  const isBad = options.failOn !== 'never' && reaches(report, options.failOn);
  const about = { report, problems: [], policy, policySource: chosen.source, judged: `the cluster ${cluster.name}` };
  const unlisted = unlistedLines(unlistedOperators(judged.subjects.flat(), policy));
  const { output, files = [] } = await outputsOf(about, options, paint);
  return {
    output,
    files: [...comparison.files, ...files],
    messages: [`policy: ${chosen.source}`, ...unreadableLines(judged), ...failureLines(report.subjects), ...unlisted],
    exitCode: isBad ? 1 : 0,
  };
}

async function chosenPolicy(options: AuditOptions, { client }: OpenedCluster): Promise<PolicyInForce> {
  if (options.policy === undefined) return policyInForce(client);
  const policy = await readPolicy(options.policy);
  return 'problems' in policy ? policy : { policy, source: options.policy };
}
