import { Readable } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { explainManifests } from '../../src/cli/explain-manifests.ts';
import { plain } from '../../src/cli/output/paint.ts';

/** What `explain -f -` says before the rules, of each Pod of the text. */
async function budgets(text: string, options: { readonly fixes?: boolean } = {}): Promise<string[]> {
  const { output } = await explainManifests(['-'], options, () => Readable.from([text]), plain);
  return output.split('\n\n').filter((part) => part.includes('\n  requests '));
}

const podWith = (spec: string): string => `{ apiVersion: v1, kind: Pod, metadata: { name: web }, spec: ${spec} }\n`;

describe('requests, limits and QoS class', () => {
  test('of a Pod without any', async () => {
    expect(await budgets(podWith('{ containers: [{ name: app, image: "app:1" }] }'))).toMatchInlineSnapshot(`
      [
        "stdin:1 Pod web
        requests   none
        limits     none
        QoS class  BestEffort
        grace      30 s to stop",
      ]
    `);
  });

  test('are those of its hungriest moment, with overhead', async () => {
    const migrate = '{ name: migrate, image: "app:1", resources: { requests: { cpu: 500m, memory: 512Mi } } }';
    const proxy = '{ name: proxy, image: "app:1", restartPolicy: Always, resources: { requests: { cpu: 50m } } }';
    const app = '{ name: app, image: "app:1", resources: { requests: { cpu: 100m, memory: 128Mi } } }';
    const overhead = '{ cpu: 250m, memory: 120Mi }';
    const spec = `{ overhead: ${overhead}, initContainers: [${proxy}, ${migrate}], containers: [${app}] }`;
    expect(await budgets(podWith(spec))).toMatchInlineSnapshot(`
      [
        "stdin:1 Pod web
        requests   cpu 800m, memory 632Mi
        limits     none
        QoS class  Burstable
        grace      30 s to stop",
      ]
    `);
  });

  test('of a Pod as a whole', async () => {
    const app = '{ name: app, image: "app:1" }';
    const resources = '{ requests: { cpu: 1 }, limits: { cpu: 1, memory: 1Gi } }';
    expect(await budgets(podWith(`{ resources: ${resources}, containers: [${app}] }`))).toMatchInlineSnapshot(`
      [
        "stdin:1 Pod web
        requests   cpu 1, memory 1Gi
        limits     cpu 1, memory 1Gi
        QoS class  Guaranteed
        grace      30 s to stop",
      ]
    `);
  });

  test('a limit that not all containers have bounds nothing, and says so', async () => {
    const gpu = '{ name: train, image: "app:1", resources: { limits: { cpu: 4, nvidia.com/gpu: 1 } } }';
    expect(await budgets(podWith(`{ containers: [${gpu}, { name: b, image: "b:1" }] }`))).toMatchInlineSnapshot(`
      [
        "stdin:1 Pod web
        requests   cpu 4, nvidia.com/gpu 1
        limits     cpu 4 (not of all containers), nvidia.com/gpu 1
        QoS class  Burstable
        grace      30 s to stop",
      ]
    `);
  });

  test('once repaired', async () => {
    const app = '{ name: app, image: "app:1", ports: [{ containerPort: 80 }] }';
    expect(await budgets(podWith(`{ containers: [${app}] }`))).toMatchInlineSnapshot(`
      [
        "stdin:1 Pod web
        requests   none
        limits     none
        QoS class  BestEffort
        grace      30 s to stop; once repaired: 30 s, preStop of "app" sleeps 10, 20 left to stop",
      ]
    `);
    expect(await budgets(podWith(`{ containers: [${app}] }`), { fixes: false })).toMatchInlineSnapshot(`
      [
        "stdin:1 Pod web
        requests   none
        limits     none
        QoS class  BestEffort
        grace      30 s to stop",
      ]
    `);
  });
});

describe('the time to stop', () => {
  test.each([
    [undefined, 0, '30 s to stop'],
    [60, 0, '60 s to stop'],
    [0, 10, '0 s: killed at once, without preStop'],
    [60, 10, '60 s, preStop of "app" sleeps 10, 50 left to stop'],
    [10, 9, '10 s, preStop of "app" sleeps 9, 2 left to stop'],
    [5, 9, '5 s, preStop of "app" sleeps 9 and is cut short, 2 left to stop'],
    [-1, 9, '1 s, preStop of "app" sleeps 9 and is cut short, 2 left to stop'],
  ])('grace %s, sleep %s', async (terminationGracePeriodSeconds, seconds, expected) => {
    const lifecycle = { preStop: seconds === 0 ? { httpGet: { port: 80 } } : { sleep: { seconds } } };
    const quick = { name: 'quick', image: 'app:1', lifecycle: { preStop: { exec: { command: ['sleep', '1'] } } } };
    const containers = [...(seconds === 0 ? [] : [quick]), { name: 'app', image: 'app:1', lifecycle }];
    const [text] = await budgets(podWith(JSON.stringify({ terminationGracePeriodSeconds, containers })), {
      fixes: false,
    });
    expect(text?.split('\n').at(-1)).toBe(`  grace      ${expected}`);
  });
});

test('a hook that never ends is cut short', async () => {
  const lifecycle = '{ preStop: { exec: { command: [sleep, infinity] } } }';
  const [text] = await budgets(podWith(`{ containers: [{ name: app, image: "app:1", lifecycle: ${lifecycle} }] }`));
  expect(text?.split('\n').at(-1)).toBe(
    '  grace      30 s, preStop of "app" sleeps forever and is cut short, 2 left to stop',
  );
});

test('each Pod of a file has its own', async () => {
  const list = `{ apiVersion: v1, kind: List, items: [${podWith('{ containers: [] }')}] }`;
  expect(await budgets(`${podWith('{ terminationGracePeriodSeconds: 5 }')}---\n${list}`)).toMatchInlineSnapshot(`
    [
      "stdin:1 Pod web
      requests   none
      limits     none
      QoS class  BestEffort
      grace      5 s to stop",
      "stdin:3 Pod web
      requests   none
      limits     none
      QoS class  BestEffort
      grace      30 s to stop",
    ]
  `);
});
