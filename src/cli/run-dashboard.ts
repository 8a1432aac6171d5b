import { once } from 'node:events';
import process from 'node:process';
import { html } from '../page/html.ts';
import { pageOf } from '../page/html-page.ts';
import { buildDashboard, type DashboardPage, type ShownPage } from '../server/dashboard/index.ts';
import { listen } from '../server/http/index.ts';
import { StartupError } from '../server/startup-error.ts';
import type { CommandResult } from './command-result.ts';
import { printable } from './output/layout.ts';
import { plain } from './output/paint.ts';
import { runClusterAudit } from './run-cluster-audit.ts';
import { type PreviewOptions, runPreview } from './run-preview.ts';

export interface DashboardOptions extends Omit<PreviewOptions, 'output' | 'diff' | 'controllers' | 'views'> {
  readonly port: number;
  /** How long a page is shown again, in seconds. */
  readonly maxAge: number;
}

const [preview, audit] = [
  { title: 'What enforcement would do', href: '/' },
  { title: 'What is wrong today', href: '/audit' },
];
const unseen = { show: () => undefined, clear: () => undefined };

/** The pages of the cluster. The command of the same name creates each, and `tell` gets its messages. */
export function dashboardPages(options: DashboardOptions, tell: (line: string) => void): DashboardPage[] {
  const { mode: _, ...others } = options;
  const audited = { ...others, output: [{ format: 'html', file: undefined }], failOn: 'never' } as const;
  function shown({ output, messages }: CommandResult): ShownPage {
    for (const line of messages) tell(line);
    return output === '' ? { status: 502, html: problemPage(messages) } : { status: 200, html: output };
  }
  return [
    {
      path: preview.href,
      async show() {
        const views = [{ title: preview.title }, audit];
        return shown(await runPreview({ ...options, output: 'html', diff: true, views }, plain, unseen));
      },
    },
    {
      path: audit.href,
      async show() {
        const views = [preview, { title: audit.title }];
        return shown(await runClusterAudit({ ...audited, views }, plain, unseen));
      },
    },
  ];
}

const problemTitle = 'Podwright cannot show the cluster';

const problemPage = (messages: readonly string[]): string =>
  pageOf(
    problemTitle,
    html`<header><h1>${problemTitle}</h1>
${messages.map((line) => html`<p class="bad">${line}</p>\n`)}<p><a href="">Try again</a></p></header><main></main>`,
  );

/** Serves the pages on 127.0.0.1 until a signal arrives; returns the exit code. */
export async function runDashboard(options: DashboardOptions, messages: NodeJS.WritableStream): Promise<number> {
  const say = (line: string): void => void messages.write(`${printable(line)}\n`);
  const said = new Set<string>();
  const tell = (line: string): void => {
    if (!said.has(line)) say(line);
    said.add(line);
  };
  const app = buildDashboard(dashboardPages(options, tell), {
    maxAgeMs: options.maxAge * 1000,
    onError: ({ message }) => say(`podwright failed unexpectedly: ${message}`),
  });
  try {
    const address = await listen(app, '127.0.0.1', options.port, '--port');
    say(`the dashboard is at ${address}/, for this machine only; Ctrl-C ends it`);
  } catch (error) {
    if (!(error instanceof StartupError)) throw error;
    say(error.message);
    return 2;
  }
  await Promise.race(['SIGINT', 'SIGTERM', 'SIGHUP'].map((signal) => once(process, signal)));
  await app.close();
  return 0;
}
