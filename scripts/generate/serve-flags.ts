import { serveCommand } from '../../src/cli/serve.ts';
import { code, tableLines } from './markdown.ts';

/** The section on the flags of `podwright serve`, and the environment variable of each. */
export function serveFlags(): string {
  const rows = serveCommand().options.map(({ flags, envVar, description }) => [
    code(flags),
    code(envVar ?? ''),
    `${description.charAt(0).toUpperCase()}${description.slice(1)}.`,
  ]);
  return [
    '## Flags and environment variables of `podwright serve`',
    '',
    'Every flag can also be set by an environment variable, for example in a Dockerfile or in `env` of a Deployment. A flag takes',
    'precedence over its variable. An empty variable of a file or a name counts as unset, and `true`, `1` and `yes` enable a',
    'flag without a value. `podwright serve --help` shows defaults and accepted values.',
    '',
    ...tableLines(['Flag', 'Environment variable', 'Meaning'], rows),
    '',
  ].join('\n');
}
