import { Command, CommanderError } from 'commander';
import { auditCommand } from './cli/audit.ts';
import { addCompletion } from './cli/completion.ts';
import { dashboardCommand } from './cli/dashboard.ts';
import { withExamples } from './cli/examples.ts';
import { explainCommand } from './cli/explain.ts';
import { fixCommand } from './cli/fix.ts';
import { imagesCommand } from './cli/images.ts';
import { initCommand } from './cli/init.ts';
import { policyCommand } from './cli/policy.ts';
import { previewCommand } from './cli/preview.ts';
import { recommendCommand } from './cli/recommend.ts';
import { rulesCommand } from './cli/rules.ts';
import { serveCommand } from './cli/serve.ts';
import { statusCommand } from './cli/status.ts';
import { version } from './version.ts';

// each command imports its implementation on demand, so `podwright audit` does not load a web server
const commands = [
  auditCommand(),
  fixCommand(),
  previewCommand(),
  dashboardCommand(),
  statusCommand(),
  recommendCommand(),
  explainCommand(),
  rulesCommand(),
  policyCommand(),
  imagesCommand(),
  initCommand(),
  serveCommand(),
];

const program = new Command('podwright')
  .description('admission webhook and command line that make every Pod follow good practice')
  .version(version, '--version', 'print the version')
  .helpOption('-h, --help', 'print this help')
  .helpCommand('help [command]', 'print the help of a command');
withExamples(program, [
  ['podwright audit deploy', 'check the manifests in a directory'],
  ['podwright fix deploy', 'show as a diff what would be repaired'],
  ['podwright preview', 'what enforcement would do to the cluster'],
  ['podwright explain run-as-non-root', 'why a rule exists, and how to comply with it'],
]);
for (const command of commands) program.addCommand(inherit(command));
addCompletion(program);

for (const stream of [process.stdout, process.stderr]) stream.on('error', endOnBrokenOutput);
// not awaited: the bundle is CommonJS, which has no top-level await
program
  .exitOverride()
  .parseAsync()
  .catch((error: unknown) => {
    process.exitCode = codeOf(error);
  });

/** Every command answers usage errors in the same way. */
function inherit(command: Command): Command {
  for (const child of command.commands) inherit(child);
  return command
    .copyInheritedSettings(program)
    .helpOption('-h, --help', 'print this help')
    .helpCommand(false)
    .exitOverride();
}

/** The exit code for an error that ended the program early; reports the error unless that has been done. */
function codeOf(error: unknown): number {
  // commander has already written its message; its own code for a usage error is 1
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  const known = error instanceof Error ? error : new Error(String(error));
  const detail =
    process.env['PODWRIGHT_DEBUG'] === '1' ? known.stack : `${known.message} (PODWRIGHT_DEBUG=1 shows where)`;
  process.stderr.write(`podwright failed unexpectedly: ${detail}\n`);
  return 2;
}

/** A closed pipe, as in `podwright audit . | head`, is not a failure; a full disk is. */
function endOnBrokenOutput(error: NodeJS.ErrnoException): never {
  if (error.code === 'EPIPE') process.exit();
  process.stderr.write(`the output cannot be written: ${error.message}\n`);
  process.exit(2);
}
