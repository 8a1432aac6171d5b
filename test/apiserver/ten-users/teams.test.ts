import { beforeAll, describe, expect, test } from 'vitest';
import { auditEvents, ownAnnotations } from '../support/audit-log.ts';
import { type Kubectl, kubectlIn, type StoredPod, wanted } from '../support/kubectl.ts';
import { deployment, type Podwright, pod, startPodwright } from '../support/podwright.ts';
import { admittedAs, namespaceOf, repaired, sharedPolicy, untouched } from './shared-policy.ts';

let podwright: Podwright;

beforeAll(async () => {
  podwright = await startPodwright(sharedPolicy);
  return podwright.stop;
});

/** The Pods of the Deployment, running. */
async function podsOf(kubectl: Kubectl, name: string): Promise<StoredPod[]> {
  await wanted(kubectl('rollout', 'status', `deployment/${name}`, '--timeout=60s'));
  return (await kubectl.get<{ items: StoredPod[] }>('pods', '-l', `app=${name}`)).items;
}

const poor = deployment('web', 1, { container: { resources: {} } });
const good = deployment('web', 1);

describe('a team that is audited', () => {
  let kubectl: Kubectl;
  let stored: StoredPod;
  const found = 'podwright_findings_total{rule="require-cpu-request",mode="audit",would="deny",source="pod"}';

  beforeAll(async () => {
    kubectl = await kubectlIn('ten-audit');
  });

  test('sees nothing, and its Pods are unchanged', async () => {
    const applied = await kubectl.send(poor, 'apply', '-f', '-');
    expect(applied).toEqual({ code: 0, stdout: 'deployment.apps/web created\n', stderr: '' });
    [stored] = (await podsOf(kubectl, 'web')) as [StoredPod];
    expect(admittedAs(stored)).toEqual(untouched);
    const { items } = await kubectl.get<{ items: { message: string }[] }>('events');
    expect(items.filter(({ message }) => message.includes('podwright'))).toEqual([]);
  });

  test('has a record of the warnings and repairs that would have been made', async () => {
    const [template] = await podwright.decisionsOn('ten-audit', 'web', 1);
    expect(template).toMatchObject({ verdict: 'audit_deny', kind: 'Deployment' });
    const prefix = stored.metadata.name.replace(/[^-]*$/, '*');
    const [mutation] = await podwright.decisionsOn('ten-audit', prefix, 1);
    expect(mutation).toMatchObject({ verdict: 'allow', fixed: [], patchOperations: 0 });
    expect(mutation?.wouldPatch).toMatchInlineSnapshot(
      `"[{"op":"add","path":"/spec/containers/0/securityContext","value":{"allowPrivilegeEscalation":false}},{"op":"add","path":"/spec/securityContext/seccompProfile","value":{"type":"RuntimeDefault"}},{"op":"add","path":"/metadata/annotations","value":{"podwright.dev/fixed":"no-privilege-escalation,require-seccomp-profile"}}]"`,
    );
    const [validation] = await podwright.decisionsOn('ten-audit', stored.metadata.name, 1);
    expect(validation).toMatchObject({
      verdict: 'audit_deny',
      fixed: ['no-privilege-escalation', 'require-seccomp-profile'],
    });
    expect(validation?.findings).toMatchInlineSnapshot(`
      [
        {
          "mode": "audit",
          "path": "/spec/containers/0/securityContext/allowPrivilegeEscalation",
          "rule": "no-privilege-escalation",
        },
        {
          "mode": "audit",
          "path": "/spec/containers/0/resources/requests/cpu",
          "rule": "require-cpu-request",
        },
        {
          "mode": "audit",
          "path": "/spec/containers/0/resources/limits/memory",
          "rule": "require-memory-limit",
        },
        {
          "mode": "audit",
          "path": "/spec/securityContext/seccompProfile",
          "rule": "require-seccomp-profile",
        },
      ]
    `);
    expect(await podwright.metrics()).toContain(`\n${found} 1\n`);
  });

  test('has it in the audit log of the API server too', async () => {
    const events = await auditEvents('ten-audit');
    const annotations = events.flatMap((event) => {
      const { resource, subresource } = event.objectRef;
      return event.verb === 'create' && subresource === undefined ? [[resource, ownAnnotations(event)]] : [];
    });
    expect(Object.fromEntries(annotations)).toMatchInlineSnapshot(`
      {
        "deployments": {
          "workloads.validate.podwright.dev/findings": "require-cpu-request,require-memory-limit",
          "workloads.validate.podwright.dev/fixed": "no-privilege-escalation,require-seccomp-profile",
          "workloads.validate.podwright.dev/verdict": "audit_deny",
        },
        "pods": {
          "mutate.podwright.dev/patch": "[{"op":"add","path":"/spec/containers/0/securityContext","value":{"allowPrivilegeEscalation":false}},{"op":"add","path":"/spec/securityContext/seccompProfile","value":{"type":"RuntimeDefault"}},{"op":"add","path":"/metadata/annotations","value":{"podwright.dev/fixed":"no-privilege-escalation,require-seccomp-profile"}}]",
          "pods.validate.podwright.dev/findings": "require-cpu-request,require-memory-limit",
          "pods.validate.podwright.dev/fixed": "no-privilege-escalation,require-seccomp-profile",
          "pods.validate.podwright.dev/verdict": "audit_deny",
        },
        "replicasets": {
          "workloads.validate.podwright.dev/findings": "require-cpu-request,require-memory-limit",
          "workloads.validate.podwright.dev/fixed": "no-privilege-escalation,require-seccomp-profile",
          "workloads.validate.podwright.dev/verdict": "allow",
        },
      }
    `);
  });
});

describe('a team that is warned, without repairs', () => {
  let kubectl: Kubectl;

  beforeAll(async () => {
    kubectl = await namespaceOf('ten-warn', 'warn');
  });

  test('sees at apply all that is wrong, repairable or not', async () => {
    expect(await kubectl.send(poor, 'apply', '-f', '-')).toMatchInlineSnapshot(`
      {
        "code": 0,
        "stderr": "Warning: podwright: container "app": set securityContext.allowPrivilegeEscalation: false (no-privilege-escalation)
      Warning: podwright: container "app": requests no cpu; set resources.requests.cpu (require-cpu-request)
      Warning: podwright: container "app": has no memory limit; set resources.limits.memory (require-memory-limit)
      Warning: podwright: no seccomp profile for "app"; set seccompProfile.type: RuntimeDefault on the Pod (require-seccomp-profile)
      ",
        "stdout": "deployment.apps/web created
      ",
      }
    `);
  });

  test('gets its Pods as it wrote them', async () => {
    const pods = await podsOf(kubectl, 'web');
    expect(pods.map(admittedAs)).toEqual([untouched]);
    const decisions = await podwright.decisionsOn('ten-warn', pods[0]?.metadata.name ?? '', 1);
    expect(decisions.map(({ webhook, verdict }) => [webhook, verdict])).toEqual([
      ['pods.validate.podwright.dev', 'audit_deny'],
    ]);
  });
});

describe('a team under enforcement', () => {
  let kubectl: Kubectl;

  beforeAll(async () => {
    kubectl = await namespaceOf('ten-enforce', 'enforce');
  });

  test('is denied findings that cannot be repaired, when it applies them', async () => {
    expect(await kubectl.send(poor, 'apply', '-f', '-')).toMatchInlineSnapshot(`
      {
        "code": 1,
        "stderr": "Error from server (Forbidden): error when creating "STDIN": admission webhook "workloads.validate.podwright.dev" denied the request: Deployment ten-enforce/web is refused by 1 rule: require-cpu-request
        container "app": requests no cpu; set resources.requests.cpu (require-cpu-request)
          spec.template.spec.containers[0].resources.requests.cpu
      Why and how: podwright explain require-cpu-request
      ",
        "stdout": "",
      }
    `);
    expect((await kubectl('get', 'deployments', '-o', 'name')).stdout).toBe('');
  });

  test('sees no warnings about repaired findings, and its Pods run repaired', async () => {
    const applied = await kubectl.send(good, 'apply', '-f', '-');
    expect(applied).toMatchInlineSnapshot(`
      {
        "code": 0,
        "stderr": "Warning: podwright: container "app": has no memory limit; set resources.limits.memory (require-memory-limit)
      ",
        "stdout": "deployment.apps/web created
      ",
      }
    `);
    expect((await podsOf(kubectl, 'web')).map(admittedAs)).toEqual([repaired]);
  });
});

describe('a GitOps controller', () => {
  const sync = ['apply', '--server-side', '--field-manager=gitops', '-f', '-'];
  let kubectl: Kubectl;

  beforeAll(async () => {
    kubectl = (await namespaceOf('ten-gitops', 'enforce')).as('gitops', 'system:masters');
  });

  test('finds what it applied, and nothing to sync again', async () => {
    const limited = deployment('web', 1, {
      container: { resources: { requests: { cpu: '10m' }, limits: { memory: '64Mi' } } },
    });
    const synced = { code: 0, stdout: 'deployment.apps/web serverside-applied\n', stderr: '' };
    expect(await kubectl.send(limited, ...sync)).toEqual(synced);
    expect((await podsOf(kubectl, 'web')).map(admittedAs)).toEqual([repaired]);
    const version = async () =>
      (await kubectl('get', 'deployment', 'web', '-o', 'jsonpath={.metadata.resourceVersion}')).stdout;
    const before = await version();
    expect(await kubectl.send(limited, ...sync)).toEqual(synced);
    expect(await version()).toBe(before);
    const same = { code: 0, stdout: '', stderr: '' };
    expect(await kubectl.send(limited, 'diff', '--server-side', '--field-manager=gitops', '-f', '-')).toEqual(same);
    expect(await kubectl.send(limited, 'diff', '-f', '-')).toEqual(same);
  });

  test('shares no field manager with anyone but Kubernetes', async () => {
    const { metadata } = await kubectl.get<{ metadata: { managedFields: { manager: string }[] } }>(
      'deployment',
      'web',
      '--show-managed-fields',
    );
    const managers = new Set(metadata.managedFields.map(({ manager }) => manager));
    expect([...managers].toSorted()).toEqual(['gitops', 'kube-controller-manager']);
  });

  test('may keep a bare Pod in sync, which is repaired', async () => {
    const bare = pod('bare', { container: { resources: { requests: { cpu: '10m' }, limits: { memory: '64Mi' } } } });
    const synced = { code: 0, stdout: 'pod/bare serverside-applied\n', stderr: '' };
    for (const round of ['create', 'keep', 'keep']) {
      expect(await kubectl.send(bare, ...sync), round).toEqual(synced);
      expect(admittedAs(await kubectl.get('pod', 'bare')), round).toEqual(repaired);
    }
    const diff = await kubectl.send(bare, 'diff', '--server-side', '--field-manager=gitops', '-f', '-');
    expect(diff).toEqual({ code: 0, stdout: '', stderr: '' });
  });
});
