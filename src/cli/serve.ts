import { Command } from 'commander';
import { serveCommandOptions } from './serve-command-options.ts';
import { type ServeFlags, serveOptionsOf } from './serve-flags.ts';

/** `podwright serve`: runs the webhook server. Every flag can also be set as `PODWRIGHT_SERVE_<FLAG>`. */
export function serveCommand(): Command {
  const command: Command = new Command('serve').description(
    'run the webhook server; without flags, on built-in defaults and only for this machine',
  );
  for (const option of serveCommandOptions()) command.addOption(option);
  return command.action(async (flags: ServeFlags) => {
    const options = serveOptionsOf(flags);
    if ('problem' in options) command.error(`error: ${options.problem}`, { exitCode: 2 });
    const { runServer } = await import('../server/run-server.ts');
    // Keep-alive connections of API clients would keep the process running.
    process.exit(await runServer(options));
  });
}
