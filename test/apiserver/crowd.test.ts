import { beforeAll, expect, inject, test } from 'vitest';
import { crowdAt, many } from '../server/crowd.ts';
import { connect } from './support/api-server.ts';
import { kubectlIn } from './support/kubectl.ts';
import { type Podwright, pod, startPodwright } from './support/podwright.ts';

const namespace = 'crowd';
let podwright: Podwright;

beforeAll(async () => {
  await kubectlIn(namespace);
  podwright = await startPodwright();
  return podwright.stop;
});

test('2,000 silent connections, 1,100 half bodies and 1,500 squatters do not block the API server', async () => {
  const { hostname, port } = new URL(podwright.url.replace('host.docker.internal', '127.0.0.1'));
  const ca = Buffer.from(podwright.caBundle, 'base64').toString();
  const crowd = crowdAt(hostname, { port: Number(port), ca });
  await many(2_000, crowd.silent);
  await many(1_500, crowd.squatter);
  await many(1_100, crowd.halfBody);
  // More at a time than the API server keeps connections, so that many calls need a fresh one. Under `failurePolicy: Fail`
  // a call that does not get through is a Pod that is refused.
  const apiServer = await connect(inject('kubeconfig'), 40);
  const path = `/api/v1/namespaces/${namespace}/pods?dryRun=All`;
  const more = many(2_000, crowd.silent);
  const created = await Promise.all(
    Array.from({ length: 400 }, (_, index) => apiServer('POST', path, pod(`crowded-${index}`))),
  );
  await more;
  expect(created.filter(({ code }) => code !== 201).map(({ body }) => body.message)).toEqual([]);
  await podwright.answered();
  const evaluated = podwright.decisions.filter((one) => one.namespace === namespace);
  expect(evaluated.filter(({ webhook }) => webhook === 'pods.validate.podwright.dev').length).toBe(400);
  expect(await podwright.metrics()).toMatch(/^podwright_admission_shed_total\{reason="unproven"\} \d{4}$/m);
});
