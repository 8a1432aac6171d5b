import { Argument, Command, Option } from 'commander';
import type { ReadProgress } from '../manifests/read-sources.ts';
import type { AuditOptions } from './audit-options.ts';
import type { PolicyNamespaceOption } from './cluster-policy.ts';
import { type CommandResult, finish } from './command-result.ts';
import { withExamples } from './examples.ts';
import type { ClusterOptions } from './open-cluster.ts';
import {
  contextOption,
  diffOption,
  type EvaluationOptions,
  excludeOption,
  fileOption,
  includeExcludedOption,
  kubernetesVersionOption,
  modeOption,
  namespaceOption,
  noColorOption,
  noConfigOption,
  noFixesOption,
  policyNamespaceOption,
  policyOption,
  valuesOption,
  verboseOption,
} from './options.ts';
import type { Paint } from './output/paint.ts';
import { outputTargetsOption } from './output-targets.ts';

interface AuditFlags
  extends AuditOptions,
    EvaluationOptions,
    PolicyNamespaceOption,
    Omit<ClusterOptions, 'namespace' | 'kubernetesVersion'> {
  readonly filename?: string[];
  readonly cluster?: boolean;
}

/** `podwright audit`: checks manifests or running workloads. */
export function auditCommand(): Command {
  const command = new Command('audit')
    .description('check manifests in files, directories (recursively) or standard input (-), or a running cluster')
    .addArgument(new Argument('[path...]', 'files, directories or -'))
    .addOption(fileOption())
    .addOption(excludeOption())
    .addOption(valuesOption())
    .addOption(new Option('--cluster', 'check running workloads in the cluster of the kubeconfig'))
    .addOption(contextOption())
    .addOption(policyNamespaceOption())
    .addOption(includeExcludedOption())
    .addOption(policyOption())
    .addOption(noConfigOption())
    .addOption(modeOption())
    .addOption(noFixesOption())
    .addOption(kubernetesVersionOption("the newest known, or the cluster's"))
    .addOption(namespaceOption())
    .addOption(
      new Option('--fail-on <mode>', 'exit with 1 for findings of this mode or stricter')
        .choices(['never', 'audit', 'warn', 'enforce'])
        .default('enforce'),
    )
    .addOption(new Option('--baseline <file>', 'fail only on findings that are not in this file'))
    .addOption(new Option('--update-baseline', 'write all current findings to the --baseline file'))
    .addOption(
      new Option('--changed-since <revision>', 'check only files that changed since this git revision (merge base)'),
    )
    .addOption(diffOption())
    .addOption(outputTargetsOption())
    .addOption(new Option('--summary', 'text format: only count findings by rule'))
    .addOption(new Option('--stdin-path <path>', 'path to report for standard input'))
    .addOption(verboseOption())
    .addOption(noColorOption())
    .action(audit);
  return withExamples(command, [
    ['podwright audit deploy', 'check a directory'],
    ['kustomize build prod | podwright audit -', 'check the output of another program'],
    ['podwright audit . -o text -o sarif=podwright.sarif', 'for people and for code scanning'],
    ['podwright audit . -o html=report.html', 'a page to share'],
    ['podwright audit --changed-since origin/main', 'check only what a branch changes'],
    ['podwright audit . --baseline known.json', 'fail only on new findings'],
    ['podwright audit --cluster', 'check a running cluster'],
  ]);
}

async function audit(args: readonly string[], options: AuditFlags, command: Command): Promise<void> {
  const named = [...args, ...(options.filename ?? [])];
  const paths = named.length === 0 && options.changedSince !== undefined ? ['.'] : named;
  const problem = usageProblem(paths, options);
  if (problem !== undefined) command.error(`error: ${problem}`, { exitCode: 2 });
  const { terminalPaint } = await import('./output/paint.ts');
  const paint = terminalPaint(options.color);
  finish(await (options.cluster === true ? auditCluster(options, paint) : auditPaths(paths, options, paint)));
}

async function auditCluster(options: AuditFlags, paint: Paint): Promise<CommandResult> {
  const { runClusterAudit } = await import('./run-cluster-audit.ts');
  const { progressLine } = await import('./progress-line.ts');
  const { keepHeapTight } = await import('./small-heap.ts');
  keepHeapTight();
  return runClusterAudit(options, paint, progressLine(process.stderr));
}

/** The heap of a smaller audit does not grow, and limiting it takes as long as reading ten files. */
const fewFiles = 50;

async function auditPaths(paths: readonly string[], options: AuditFlags, paint: Paint): Promise<CommandResult> {
  const { runAudit } = await import('./run-audit.ts');
  const { keepHeapTight } = await import('./small-heap.ts');
  const { readingLine } = await import('./progress-line.ts');
  const line = readingLine(process.stderr);
  let isTight = false;
  function onProgress(progress: ReadProgress): void {
    if (!isTight && (progress.of > fewFiles || progress.documents > 0)) {
      keepHeapTight();
      isTight = true;
    }
    line.show(progress);
  }
  const result = await runAudit(paths, { ...options, onProgress }, () => process.stdin, paint);
  line.clear();
  return result;
}

function usageProblem(paths: readonly string[], options: AuditFlags): string | undefined {
  const { cluster, context, policyNamespace, includeExcluded, changedSince, baseline, updateBaseline } = options;
  if (updateBaseline === true && baseline === undefined) return '--update-baseline needs --baseline FILE';
  if (updateBaseline === true && changedSince !== undefined)
    return '--update-baseline needs all findings, and --changed-since leaves out most of them';
  if (cluster === true && changedSince !== undefined) return '--changed-since is for files, not for a cluster';
  if (cluster === true)
    return paths.length > 0 ? 'paths and --cluster exclude each other: check either files or a cluster' : undefined;
  if (context !== undefined) return '--context needs --cluster';
  if (policyNamespace !== undefined) return '--policy-namespace needs --cluster';
  return includeExcluded === true ? '--include-excluded needs --cluster' : undefined;
}
