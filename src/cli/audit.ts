import { Argument, Command, Option } from 'commander';
import { finish } from './command-result.ts';
import { withExamples } from './examples.ts';
import type { ClusterOptions } from './open-cluster.ts';
import {
  contextOption,
  diffOption,
  excludeOption,
  fileOption,
  includeExcludedOption,
  type JudgingOptions,
  kubernetesVersionOption,
  modeOption,
  namespaceOption,
  noColorOption,
  noConfigOption,
  noFixesOption,
  policyOption,
  valuesOption,
  verboseOption,
} from './options.ts';
import { outputTargetsOption } from './output-targets.ts';
import type { AuditOptions } from './run-audit.ts';

interface AuditFlags extends AuditOptions, JudgingOptions, Omit<ClusterOptions, 'namespace' | 'kubernetesVersion'> {
  readonly filename?: string[];
  readonly cluster?: boolean;
}

/** `podwright audit`: judge manifests, or what runs in a cluster. */
export function auditCommand(): Command {
  const command = new Command('audit')
    .description('judge manifests: files, folders (recursive), - for standard input; or what runs in a cluster')
    .addArgument(new Argument('[path...]', 'files, folders or -'))
    .addOption(fileOption())
    .addOption(excludeOption())
    .addOption(valuesOption())
    .addOption(new Option('--cluster', 'judge what runs now in the cluster of the kubeconfig'))
    .addOption(contextOption())
    .addOption(includeExcludedOption())
    .addOption(policyOption())
    .addOption(noConfigOption())
    .addOption(modeOption())
    .addOption(noFixesOption())
    .addOption(kubernetesVersionOption("the newest known, or the cluster's"))
    .addOption(namespaceOption())
    .addOption(
      new Option('--fail-on <mode>', 'lowest mode whose findings make the exit code 1')
        .choices(['never', 'audit', 'warn', 'enforce'])
        .default('enforce'),
    )
    .addOption(new Option('--baseline <file>', 'fail only on findings that this file does not know'))
    .addOption(new Option('--update-baseline', 'write the file of --baseline: all findings of now are known'))
    .addOption(
      new Option('--changed-since <revision>', 'judge only what git says has changed since it left this revision'),
    )
    .addOption(diffOption())
    .addOption(outputTargetsOption())
    .addOption(new Option('--summary', 'text: only how often which rule found something'))
    .addOption(new Option('--stdin-path <path>', 'path of the file that standard input is, for reports'))
    .addOption(verboseOption())
    .addOption(noColorOption())
    .action(async (args: string[], options: AuditFlags, command: Command) => {
      const named = [...args, ...(options.filename ?? [])];
      const paths = named.length === 0 && options.changedSince !== undefined ? ['.'] : named;
      const problem = usageProblem(paths, options);
      if (problem !== undefined) command.error(`error: ${problem}`, { exitCode: 2 });
      const { terminalPaint } = await import('./output/paint.ts');
      const paint = terminalPaint(options.color);
      if (options.cluster === true) {
        const { runClusterAudit } = await import('./run-cluster-audit.ts');
        const { progressLine } = await import('./progress-line.ts');
        finish(await runClusterAudit(options, paint, progressLine(process.stderr)));
        return;
      }
      const { runAudit } = await import('./run-audit.ts');
      const { readingLine } = await import('./progress-line.ts');
      const line = readingLine(process.stderr);
      const result = await runAudit(paths, { ...options, onProgress: line.show }, () => process.stdin, paint);
      line.clear();
      finish(result);
    });
  return withExamples(command, [
    ['podwright audit deploy', 'judge a folder'],
    ['kustomize build prod | podwright audit -', 'judge what a program prints'],
    ['podwright audit . -o text -o sarif=podwright.sarif', 'for people and for code scanning'],
    ['podwright audit . -o html=report.html', 'a page to pass on'],
    ['podwright audit --changed-since origin/main', 'judge only what a branch changes'],
    ['podwright audit . --baseline known.json', 'fail only on what is new'],
    ['podwright audit --cluster', 'judge what runs'],
  ]);
}

function usageProblem(paths: readonly string[], options: AuditFlags): string | undefined {
  const { cluster, context, includeExcluded, changedSince, baseline, updateBaseline } = options;
  if (updateBaseline === true && baseline === undefined) return '--update-baseline needs --baseline FILE';
  if (cluster === true && changedSince !== undefined) return '--changed-since is for files, not for a cluster';
  if (cluster === true)
    return paths.length > 0 ? 'either paths or --cluster: what is to be judged, files or a cluster?' : undefined;
  if (context !== undefined) return '--context needs --cluster';
  return includeExcluded === true ? '--include-excluded needs --cluster' : undefined;
}
