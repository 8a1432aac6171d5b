import { readFileSync, writeFileSync } from 'node:fs';
import { Agent } from 'node:https';
import { platform } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { parse } from 'yaml';
import { startUnheard } from './serve-process.ts';
import { type Answer, goodPod, reviewText, testFolder } from './support.ts';

/** What the chart gives a replica. */
const values = parse(readFileSync(join(import.meta.dirname, '../../charts/podwright/values.yaml'), 'utf8')) as {
  readonly nodeOptions: string;
  readonly resources: { readonly limits: { readonly memory: '512Mi' } };
};
const limitKiB = Number.parseInt(values.resources.limits.memory, 10) * 1024;

const withAnnotations = (annotations: Record<string, string>) => ({
  ...goodPod,
  metadata: { ...goodPod.metadata, annotations },
});
// Six bytes each, in the Pod and in its old version: 17 MiB.
const escaped = withAnnotations({ fill: '<'.repeat(1_485_000) });
const podOf = (count: number) => ({
  ...goodPod,
  spec: { containers: Array.from({ length: count }, (_, index) => ({ name: `c${index}`, image: 'x' })) },
});
const bursts = {
  '40 reviews of 17 MiB': { text: reviewText(escaped, { oldObject: escaped, operation: 'UPDATE' }), count: 40 },
  'a million annotations': {
    text: reviewText(withAnnotations(Object.fromEntries(Array.from({ length: 1_000_000 }, (_, i) => [`k${i}`, 'v'])))),
    count: 4,
  },
  'four million empty lists': {
    text: reviewText(goodPod, { options: 'X' }).replace('"X"', `[${'[],'.repeat(4_000_000)}[]]`),
    count: 4,
  },
  '1,000 containers': { text: reviewText(podOf(1_000)), count: 4 },
  '20,000 containers': { text: reviewText(podOf(20_000)), count: 4 },
  '60 MiB of other bodies': { text: reviewText(withAnnotations({ fill: 'x'.repeat(1_572_864) })), count: 40 },
};

/** All rules. */
function strictPolicy(): string {
  const file = join(testFolder(), 'policy.yaml');
  writeFileSync(file, 'apiVersion: podwright.dev/v1alpha1\nkind: Policy\nextends: strict\n');
  return file;
}

test("within the chart's memory limit, each of many large reviews gets a verdict or a 503", {
  timeout: 180_000,
}, async () => {
  const { child, client, monitoring, valueOf } = await startUnheard({ nodeFlags: values.nodeOptions.split(' ') }, [
    '--policy',
    strictPolicy(),
  ]);
  const agent = new Agent({ maxSockets: 40, keepAlive: false, ca: client.agent.options.ca as string });
  onTestFinished(() => agent.destroy());
  /** Again where this machine was too slow for the timeouts of a connection. */
  async function answerTo(path: string, body: Buffer): Promise<Answer> {
    for (;;) {
      const answer = await client.post(path, body, {}, agent).catch(() => undefined);
      if (answer !== undefined && answer.status !== 408) return answer;
      expect([child.exitCode, child.signalCode]).toEqual([null, null]);
    }
  }
  for (const [name, { text, count }] of Object.entries(bursts)) {
    const body = Buffer.from(text);
    const paths = Array.from({ length: count }, (_, index) => (index % 2 === 0 ? '/validate' : '/mutate'));
    const answers = await Promise.all(paths.map((path) => answerTo(path, body)));
    const evaluated = answers.filter(({ status, text: answer }) => status === 200 && answer.includes('"allowed":'));
    const shed = answers.filter(({ status }) => status === 503);
    // One that is alone always fits.
    expect({ name, isAnyEvaluated: evaluated.length > 0, answered: evaluated.length + shed.length }).toEqual({
      name,
      isAnyEvaluated: true,
      answered: count,
    });
  }
  expect(await valueOf('admission_in_flight')).toBe(0);
  expect((await fetch(`${monitoring}/livez`)).status).toBe(200);
  expect(child.exitCode).toBe(null);
  if (platform() !== 'linux') return;
  const status = readFileSync(`/proc/${child.pid}/status`, 'utf8');
  expect(Number(/^VmHWM:\s+(\d+)/m.exec(status)?.[1])).toBeLessThan(limitKiB);
});
