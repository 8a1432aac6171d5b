import type { ApiClient, Clock } from '../cluster/api/index.ts';
import { type CheckTime, type StatusRemark, statusChecks, webhookChecks } from '../status/checks.ts';
import type { Status } from '../status/status.ts';
import { minuteMs } from '../time-units.ts';
import { type CommandResult, rejected } from './command-result.ts';
import { connectionProblem } from './connection-problem.ts';
import { type InstalledStatus, installedStatus, type StatusPlace } from './installed-status.ts';
import type { Paint } from './output/paint.ts';
import { statusText } from './output/status-text.ts';

export interface StatusCommandOptions extends StatusPlace {
  readonly context?: string;
  readonly strict?: boolean;
  /** How long to check again, in seconds. */
  readonly wait: number;
  readonly output: 'text' | 'json';
}

const againMs = 2_000;

/** Shows the status and its problems; exit code 1 if there are any. */
export async function runStatus(options: StatusCommandOptions, paint: Paint, clock?: Clock): Promise<CommandResult> {
  const { openApiClient, systemClock } = await import('../cluster/api/index.ts');
  const client = openApiClient({ context: options.context });
  const { now, date, pause } = clock ?? systemClock;
  const deadline = now() + options.wait * 1000;
  for (;;) {
    const result = await attempt(client, options, { paint, date: date() });
    if (result.exitCode === 0 || now() >= deadline) return result;
    await pause(againMs);
  }
}

async function attempt(
  client: ApiClient,
  options: StatusCommandOptions,
  { paint, date }: { readonly paint: Paint; readonly date: number },
): Promise<CommandResult> {
  const { ApiError } = await import('../cluster/api/index.ts');
  try {
    const installed = await installedStatus(client, options);
    const { webhooks, place, status } = installed;
    if (webhooks === undefined && place === undefined) return rejected(unknownPlace);
    const checks = checksOf(installed, date);
    const output = options.output === 'json' ? jsonOf(checks, installed) : statusText({ place, status, checks }, paint);
    const isWrong = checks.some(({ level }) => level === 'problem' || (level === 'warning' && options.strict === true));
    const messages = webhooks === undefined ? [unreadable] : [];
    return { output, messages, exitCode: isWrong ? 1 : 0 };
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return rejected(connectionProblem(error));
  }
}

/** In the output the level of a remark is called `severity`. */
function jsonOf(remarks: readonly StatusRemark[], { webhooks, status }: InstalledStatus): string {
  const checks = remarks.map(({ level, message }) => ({ severity: level, message }));
  return JSON.stringify({ version: 1, checks, webhooks: webhooks ?? null, status: status ?? null }, undefined, 2);
}

/** Where the webhook configurations may not be read, the leader's view of them counts. */
function checksOf(installed: InstalledStatus, now: number): StatusRemark[] {
  const { webhooks, status } = installed;
  const known = webhooks ?? status?.webhooks;
  return [
    ...(known === undefined ? [] : webhookChecks(known, status)),
    ...(status === undefined ? [missing(installed)] : statusChecks(status, timeOf(status, now))),
  ];
}

const timeOf = ({ written }: Status, now: number): CheckTime => ({
  now: `${new Date(now).toISOString().slice(0, 19)}Z`,
  minutes: Math.floor((now - Date.parse(written)) / minuteMs),
});

function missing({ place, problem }: InstalledStatus): StatusRemark {
  const message =
    place === undefined
      ? 'nothing else is known, because the webhooks lead to Podwright; if it is installed, specify its namespace with --namespace'
      : problem === undefined
        ? `there is no status in ConfigMap ${place}; a leader writes it ten seconds after it starts (--wait 60 waits for it), unless status.enabled is false in the chart`
        : `the status in ConfigMap ${place} cannot be read: ${problem}`;
  return { level: 'problem', message };
}

const unreadable = 'you may not read the webhook configurations; they are shown as the leader last saw them';
const unknownPlace =
  'you may not read the webhook configurations, which lead to Podwright; specify its namespace with --namespace';
