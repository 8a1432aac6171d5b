import type { Kubectl } from '../support/kubectl.ts';
import type { Podwright } from '../support/podwright.ts';
import { until } from '../support/until.ts';

/** A policy with these ceilings over a rule of each kind: without a repair, with one, and one that warns. */
export const policyWith = (...lines: string[]): string => `
apiVersion: podwright.dev/v1alpha1
kind: Policy
extends: none
rules:
  require-cpu-request: { mode: enforce }
  no-privilege-escalation: { mode: enforce, fix: true }
  require-memory-limit: { mode: warn }
${lines.join('\n')}
`;

let changes = 0;

/** Puts a policy in force, be it the same as before: a test that is run again makes the same change. */
export async function changePolicy(podwright: Podwright, ...lines: string[]): Promise<void> {
  const loaded = async (): Promise<string | undefined> =>
    /^podwright_policy_reloads_total\{result="success"\} \d+$/m.exec(await podwright.metrics())?.[0];
  const before = await loaded();
  await podwright.writePolicy(policyWith(...lines, `# change ${++changes}`));
  await until('the new policy', async () => (await loaded()) !== before, 15);
}

const limits = { memory: '64Mi' };
/** What no rule of the policy objects to, once repaired. */
export const sound = { resources: { requests: { cpu: '10m' }, limits } };
/** Without a request of cpu; ends at once. */
export const lean = { container: { resources: { limits } }, spec: { terminationGracePeriodSeconds: 1 } };

/** What kubectl says when nobody objects. */
export const silent = (stdout: string) => ({ code: 0, stdout: `${stdout}\n`, stderr: '' });

/** What an event on an object of this kind says about why a Pod of such a name could not be created. */
export async function rejectionOf(
  prefix: string,
  kind: 'ReplicaSet' | 'StatefulSet',
  kubectl: Kubectl,
): Promise<string> {
  const selector = `involvedObject.kind=${kind},reason=FailedCreate`;
  const refusal = async (): Promise<string | undefined> => {
    const { items } = await kubectl.get<{ items: { message: string }[] }>('events', '--field-selector', selector);
    const messages = items.map(({ message }) => message.replaceAll(/-[a-z\d]+-\*/g, '-HASH-*'));
    return messages.find((message) => message.includes(`Pod ${kubectl.namespace}/${prefix}`));
  };
  await until(`an event about ${prefix}`, async () => (await refusal()) !== undefined);
  return (await refusal()) ?? '';
}
