import { beforeAll, describe, expect, test } from 'vitest';
import { type Kubectl, kubectlIn } from '../support/kubectl.ts';
import { deployment, type Podwright, pod, startPodwright } from '../support/podwright.ts';
import { until } from '../support/until.ts';
import { changePolicy, lean, policyWith, silent, sound } from './policies.ts';

const container = (name: string, more: object = lean.container) => ({ ...pod('').spec.containers[0], name, ...more });

const namespace = 'ceilings-updates';
let podwright: Podwright;
let kubectl: Kubectl;

beforeAll(async () => {
  kubectl = await kubectlIn(namespace);
  // from before there was a Podwright
  await kubectl.create(deployment('edited', 0, { spec: { containers: [container('bad'), container('good', sound)] } }));
  podwright = await startPodwright(policyWith());
  return podwright.stop;
});

describe('existing', () => {
  const ordinary = async (): Promise<void> => {
    const merge = (patch: object) => kubectl('patch', 'deployment', 'edited', '-p', JSON.stringify(patch));
    const patched = silent('deployment.apps/edited patched');
    expect(await merge({ metadata: { labels: { round: String(Math.random()) } } })).toEqual(patched);
    expect(await merge({ metadata: { finalizers: ['podwright.dev/test'] } })).toEqual(patched);
    expect(await merge({ metadata: { finalizers: null } })).toEqual(patched);
    expect(await merge({ spec: { paused: true } })).toEqual(patched);
    expect(await merge({ spec: { paused: null } })).toEqual(patched);
    for (const replicas of ['1', '0']) {
      const scaled = await kubectl('scale', 'deployment', 'edited', `--replicas=${replicas}`);
      expect(scaled).toEqual(silent('deployment.apps/edited scaled'));
    }
    expect(await kubectl('rollout', 'restart', 'deployment/edited')).toEqual(
      silent('deployment.apps/edited restarted'),
    );
  };
  const change = (stage: string) => kubectl('set', 'env', 'deployment/edited', '-c', 'good', `STAGE=${stage}`);
  const give = (...containers: object[]) => {
    const patch = [{ op: 'replace', path: '/spec/template/spec/containers', value: containers }];
    return kubectl('patch', 'deployment', 'edited', '--type=json', '-p', JSON.stringify(patch));
  };

  test('warn: existing findings may stay in any order, with a warning', async () => {
    await changePolicy(podwright, 'existing: warn');
    await ordinary();
    expect(await give(container('good', sound), container('bad'))).toMatchInlineSnapshot(`
      {
        "code": 0,
        "stderr": "Warning: podwright: container "bad": requests no cpu; set resources.requests.cpu (require-cpu-request)
      ",
        "stdout": "deployment.apps/edited patched
      ",
      }
    `);
  });

  test('warn: only new findings are denied', async () => {
    const refused = await give(container('another'), container('good', sound), container('bad'));
    expect(refused).toMatchInlineSnapshot(`
      {
        "code": 1,
        "stderr": "Error from server (Forbidden): admission webhook "workloads.validate.podwright.dev" denied the request: Deployment ceilings-updates/edited is refused by 1 rule: require-cpu-request
        container "another": requests no cpu; set resources.requests.cpu (require-cpu-request)
          spec.template.spec.containers[0].resources.requests.cpu
      Why and how: podwright explain require-cpu-request
      ",
        "stdout": "",
      }
    `);
  });

  test('warn: a repaired finding cannot be reintroduced', async () => {
    expect(await give(container('good', sound))).toEqual(silent('deployment.apps/edited patched'));
    const undone = await kubectl('rollout', 'undo', 'deployment/edited');
    expect(undone.code).toBe(1);
    expect(undone.stderr).toContain(
      'Deployment ceilings-updates/edited is refused by 1 rule: require-cpu-request\n  container "bad":',
    );
  });

  test('enforce: existing findings must be repaired with the next change of the template', async () => {
    await podwright.writePolicy(policyWith('existing: enforce', 'mode: audit'));
    await until('audit', async () => (await give(container('good', sound), container('bad'))).code === 0);
    await changePolicy(podwright, 'existing: enforce');
    await ordinary();
    expect(await change('late')).toMatchInlineSnapshot(`
      {
        "code": 1,
        "stderr": "error: failed to patch env update to pod template: admission webhook "workloads.validate.podwright.dev" denied the request: Deployment ceilings-updates/edited is refused by 1 rule: require-cpu-request
        container "bad": requests no cpu; set resources.requests.cpu (require-cpu-request)
          spec.template.spec.containers[1].resources.requests.cpu
      Why and how: podwright explain require-cpu-request
      ",
        "stdout": "",
      }
    `);
  });

  test('audit: it is silent, and recorded', async () => {
    await changePolicy(podwright, 'existing: audit');
    expect(await change('later')).toEqual(silent('deployment.apps/edited env updated'));
    await podwright.answered();
    const decision = (await podwright.decisionsOn(namespace, 'edited', 1)).at(-1);
    expect(decision).toMatchObject({ operation: 'UPDATE', verdict: 'audit_deny' });
  });
});
