import { inNode, wanted } from '../../apiserver/support/kubectl.ts';

/** How often the API server called a webhook of ours in vain, since it started. */
export interface WebhookFailures {
  /** And let the object pass. */
  readonly failOpen: number;
  /** And refused it. */
  readonly callingErrors: number;
}

/** Reads both from the metrics of the API server. */
export async function webhookFailures(): Promise<WebhookFailures> {
  const { stdout } = await wanted(inNode(['kubectl', 'get', '--raw', '/metrics']));
  const sum = (metric: RegExp): number =>
    stdout
      .split('\n')
      .filter((line) => metric.test(line) && /name="[^"]*\bpodwright\.dev"/.test(line))
      .reduce((total, line) => total + Number(line.split(' ').at(-1)), 0);
  return {
    failOpen: sum(/^apiserver_admission_webhook_fail_open_count\{/),
    callingErrors: sum(/^apiserver_admission_webhook_rejection_count\{.*error_type="calling_webhook_error"/),
  };
}
