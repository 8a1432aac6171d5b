import { describe, expect, test } from 'vitest';
import { matchSubjects } from '../../src/audit/roll-up/match-subjects.ts';
import { likenessOf } from '../../src/audit/roll-up/pod-likeness.ts';
import { openRollUp } from '../../src/audit/roll-up/roll-up.ts';
import type { ScannedSubject } from '../../src/audit/scanned-subject.ts';
import { surroundingsOf } from '../../src/audit/surroundings.ts';
import type { Policy } from '../../src/engine/policy.ts';
import { kubernetesObject } from '../../src/manifests/kubernetes-object.ts';
import { onlyRules } from '../support/policies.ts';
import { container, ownedBy, privileged, runningPod, type StoredObject, stored, workload } from './support/objects.ts';

const surroundings = surroundingsOf([], { minor: 36, now: Date.UTC(2026, 0, 1), defaultNamespace: 'default' });
const rules = ['no-privileged-containers', 'no-host-network', 'no-node-name'];
const policy = onlyRules(rules);

function subjectsOf(objects: readonly StoredObject[], under: Policy = policy): ScannedSubject[] {
  const rollUp = openRollUp('shop', under, surroundings);
  for (const value of objects) {
    const object = kubernetesObject(value);
    if (object?.kind === 'Pod') rollUp.addPod(object);
    else if (object !== undefined) rollUp.addWorkload(object);
  }
  return rollUp.subjects();
}

/** All of a subject but for what passes and whom operators are known by; of rules and exemptions their names. */
function told({ accounts: _accounts, claim: _claim, passed: _passed, ...evaluated }: ScannedSubject) {
  const { object, findings, ...subject } = evaluated;
  return {
    ...subject,
    object: `${object.apiVersion} ${object.kind} ${object.namespace}/${object.name}`,
    findings: findings.map(({ rule, exemption, ...finding }) => [
      `${rule.id} ${finding.mode} ${finding.path}`,
      `at ${finding.objectPath}`,
      `template ${finding.inTemplate}, pods ${finding.pods}`,
      ...(finding.atRestartOnly ? ['of restarted Pods alone'] : []),
      ...(finding.fixed ? ['fixed'] : []),
      ...(exemption === undefined ? [] : [`exempt ${exemption.name}`]),
    ]),
  };
}

/** The findings in short. */
const short = (subjects: readonly ScannedSubject[]) =>
  subjects.map((subject) => {
    const { object, verdict, pods, stopsAtRestart, findings } = told(subject);
    return { object, verdict, pods, stopsAtRestart, findings: findings.map((finding) => finding.join('; ')) };
  });

const nothing = {
  failures: [],
  rejectedPatch: undefined,
  mode: 'enforce',
  namespace: 'shop',
  manifest: undefined,
  messages: {},
  position: undefined,
  typeProblems: [],
  children: [],
  patch: [],
  pod: {},
};

describe('a Deployment', () => {
  const web = workload('apps/v1', 'Deployment', 'web', [container('app', privileged)]);
  const current = ownedBy(web, workload('apps/v1', 'ReplicaSet', 'web-2', [container('app', privileged)]));
  const old = ownedBy(web, workload('apps/v1', 'ReplicaSet', 'web-1', [container('app')], { replicas: 1 }));

  test('includes its ReplicaSets and Pods, also those of old revisions', () => {
    const pods = [
      ownedBy(current, runningPod('web-2-a', [container('app', privileged)])),
      ownedBy(old, runningPod('web-1-a', [container('app')], { spec: { hostNetwork: true } })),
    ];
    expect(subjectsOf([web, current, old, ...pods]).map(told)).toEqual([
      {
        ...nothing,
        object: 'apps/v1 Deployment shop/web',
        uid: 'Deployment/web',
        podPath: '/spec/template',
        verdict: 'deny',
        pods: 2,
        stopsAtRestart: true,
        findings: [
          [
            'no-privileged-containers enforce /spec/containers/0/securityContext/privileged',
            'at /spec/template/spec/containers/0/securityContext/privileged',
            'template true, pods 1',
          ],
          ['no-host-network enforce /spec/hostNetwork', 'at /spec/hostNetwork', 'template false, pods 1'],
        ],
      },
    ]);
  });

  test('has them in whatever order the workloads come', () => {
    const pod = ownedBy(current, runningPod('web-2-a', [container('app')]));
    const inOrder = subjectsOf([web, current, old, pod]);
    expect(subjectsOf([old, current, web, pod])).toEqual(inOrder);
  });

  test('has findings that only its Pods have, with what was injected in front', () => {
    const pod = ownedBy(current, runningPod('web-2-a', [container('proxy', privileged), container('app', privileged)]));
    expect(short(subjectsOf([web, current, pod]))).toEqual([
      {
        object: 'apps/v1 Deployment shop/web',
        verdict: 'deny',
        pods: 1,
        stopsAtRestart: true,
        findings: [
          'no-privileged-containers enforce /spec/containers/0/securityContext/privileged; at /spec/template/spec/containers/0/securityContext/privileged; template true, pods 1',
          'no-privileged-containers enforce /spec/containers/0/securityContext/privileged; at /spec/containers/0/securityContext/privileged; template false, pods 1',
        ],
      },
    ]);
  });

  test('with zero replicas is denied, but not blocked on restart', () => {
    const idle = workload('apps/v1', 'Deployment', 'web', [container('app', privileged)], { replicas: 0 });
    expect(short(subjectsOf([idle]))).toMatchObject([{ verdict: 'deny', pods: 0, stopsAtRestart: false }]);
    expect(short(subjectsOf([web]))).toMatchObject([{ verdict: 'deny', pods: 0, stopsAtRestart: true }]);
  });

  test('does not stop where the policy spares Pods of controllers', () => {
    const sparing = onlyRules(rules, { controllers: 'warn' });
    expect(short(subjectsOf([web], sparing))).toMatchObject([{ verdict: 'deny', stopsAtRestart: false }]);
  });

  test('does not stop because of a container for debugging', () => {
    const ephemeralContainers = [container('debug', privileged)];
    const harmless = workload('apps/v1', 'Deployment', 'web', [container('app')]);
    const pod = ownedBy(current, runningPod('web-2-a', [container('app')], { spec: { ephemeralContainers } }));
    expect(short(subjectsOf([harmless, current, pod]))).toMatchObject([
      {
        verdict: 'allow',
        stopsAtRestart: false,
        findings: [expect.stringContaining('/spec/ephemeralContainers/0/securityContext/privileged')],
      },
    ]);
  });
});

test('a repaired or exempt template overrides findings in Pods that run unrepaired', () => {
  const web = workload('apps/v1', 'StatefulSet', 'web', [container('app')]);
  const pod = ownedBy(web, runningPod('web-0', [container('app')]));
  const fixing = onlyRules(['no-privilege-escalation'], { annotate: false });
  const [fixed] = subjectsOf([web, pod], fixing).map(told);
  const privilege = '/spec/containers/0/securityContext/allowPrivilegeEscalation';
  expect(fixed).toEqual({
    ...nothing,
    object: 'apps/v1 StatefulSet shop/web',
    uid: 'StatefulSet/web',
    podPath: '/spec/template',
    verdict: 'allow',
    pods: 1,
    stopsAtRestart: false,
    findings: [
      [
        `no-privilege-escalation enforce ${privilege}`,
        `at /spec/template${privilege}`,
        'template true, pods 1',
        'fixed',
      ],
    ],
    patch: [{ op: 'add', path: '/spec/containers/0/securityContext', value: { allowPrivilegeEscalation: false } }],
    pod: { metadata: {}, spec: { containers: [container('app')] } },
  });
  const exemption = {
    name: 'known',
    rules: ['*'],
    match: { workloads: ['Deployment/web'] },
    reason: 'because',
    owner: 'somebody',
  };
  const deployment = workload('apps/v1', 'Deployment', 'web', [container('app', privileged)]);
  // Without its label nothing tells that its ReplicaSet is that of `web`.
  const replicas = ownedBy(deployment, workload('apps/v1', 'ReplicaSet', 'web-1', [container('app', privileged)]));
  const running = ownedBy(replicas, runningPod('web-1-a', [container('app', privileged)]));
  const exempting = onlyRules(rules, { exemptions: [exemption] });
  expect(short(subjectsOf([deployment, replicas, running], exempting))).toEqual([
    {
      object: 'apps/v1 Deployment shop/web',
      verdict: 'allow',
      pods: 1,
      stopsAtRestart: false,
      findings: [
        'no-privileged-containers enforce /spec/containers/0/securityContext/privileged; at /spec/template/spec/containers/0/securityContext/privileged; template true, pods 1; exempt known',
      ],
    },
  ]);
});

describe('a CronJob', () => {
  const spec = { template: { spec: { restartPolicy: 'Never', containers: [container('app', privileged)] } } };
  const cronJob = (more: object = {}) =>
    stored('batch/v1', 'CronJob', 'report', { spec: { schedule: '@daily', jobTemplate: { spec }, ...more } });
  const job = ownedBy(cronJob(), stored('batch/v1', 'Job', 'report-1', { spec }));
  const pod = ownedBy(job, runningPod('report-1-a', [container('app', privileged)]));

  test('has its Jobs and their Pods', () => {
    expect(short(subjectsOf([cronJob(), job, pod]))).toEqual([
      {
        object: 'batch/v1 CronJob shop/report',
        verdict: 'deny',
        pods: 1,
        stopsAtRestart: true,
        findings: [
          'no-privileged-containers enforce /spec/containers/0/securityContext/privileged; at /spec/jobTemplate/spec/template/spec/containers/0/securityContext/privileged; template true, pods 1',
        ],
      },
    ]);
  });

  test('stops at its next run, unless it is suspended and nothing of it runs', () => {
    expect(short(subjectsOf([cronJob()]))).toMatchObject([{ pods: 0, stopsAtRestart: true }]);
    const suspended = cronJob({ suspend: true });
    expect(short(subjectsOf([suspended]))).toMatchObject([{ pods: 0, stopsAtRestart: false }]);
    expect(short(subjectsOf([suspended, job, pod]))).toMatchObject([{ pods: 1, stopsAtRestart: true }]);
  });
});

test('a Pod without controller is a subject of its own, without the node that it was given', () => {
  expect(subjectsOf([runningPod('probe', [container('app', privileged)])]).map(told)).toEqual([
    {
      ...nothing,
      object: 'v1 Pod shop/probe',
      uid: 'Pod/probe',
      podPath: '',
      verdict: 'deny',
      pods: 1,
      stopsAtRestart: false,
      findings: [
        [
          'no-privileged-containers enforce /spec/containers/0/securityContext/privileged',
          'at /spec/containers/0/securityContext/privileged',
          'template false, pods 1',
        ],
      ],
    },
  ]);
});

test('finished and terminating objects do not count', () => {
  const app = [container('app', privileged)];
  const conditions = [{ type: 'Complete', status: 'True' }];
  const job = stored('batch/v1', 'Job', 'once', { spec: { template: { spec: { containers: app } } } });
  const objects = [
    { ...job, status: { conditions } },
    runningPod('succeeded', app, { status: { phase: 'Succeeded' } }),
    runningPod('failed', app, { status: { phase: 'Failed' } }),
    runningPod('leaving', app, { metadata: { deletionTimestamp: '2026-01-01T00:00:00Z' } }),
  ];
  expect(short(subjectsOf(objects))).toEqual([]);
  expect(short(subjectsOf([job]))).toMatchObject([{ object: 'batch/v1 Job shop/once', stopsAtRestart: true }]);
});

describe('an owner whose object is missing', () => {
  const prometheus = stored('monitoring.coreos.com/v1', 'Prometheus', 'main');
  const app = [container('app', privileged)];

  test('is the referenced one; its templates are recorded and its Pods checked', () => {
    const set = ownedBy(
      prometheus,
      workload('apps/v1', 'StatefulSet', 'main', [...app, container('spare', privileged)]),
    );
    const pod = ownedBy(set, runningPod('main-0', app));
    expect(subjectsOf([set, pod]).map(told)).toEqual([
      {
        ...nothing,
        object: 'monitoring.coreos.com/v1 Prometheus shop/main',
        uid: 'Prometheus/main',
        children: ['StatefulSet/main'],
        podPath: '',
        verdict: 'allow',
        pods: 1,
        stopsAtRestart: true,
        findings: [
          [
            'no-privileged-containers enforce /spec/containers/0/securityContext/privileged',
            'at /spec/containers/0/securityContext/privileged',
            'template true, pods 1',
            'of restarted Pods alone',
          ],
          [
            'no-privileged-containers audit /spec/containers/1/securityContext/privileged',
            'at /spec/containers/1/securityContext/privileged',
            'template true, pods 0',
          ],
        ],
      },
    ]);
  });

  test('is not evaluated by its past revisions', () => {
    const past = ownedBy(prometheus, workload('apps/v1', 'ReplicaSet', 'main-1', app, { replicas: 0 }));
    expect(subjectsOf([past])).toEqual([]);
  });

  test('does not stop where another controller than those of Kubernetes makes its Pods', () => {
    const pod = ownedBy(prometheus, runningPod('main-0', app));
    expect(short(subjectsOf([pod]))).toMatchObject([
      { object: 'monitoring.coreos.com/v1 Prometheus shop/main', verdict: 'deny', pods: 1, stopsAtRestart: false },
    ]);
  });
});

test('a mirror of a static Pod is recorded, each for itself', () => {
  const ownerReferences = [{ apiVersion: 'v1', kind: 'Node', name: 'node-1', uid: 'n', controller: true }];
  const metadata = { ownerReferences, annotations: { 'kubernetes.io/config.mirror': 'x' } };
  const mirrors = ['etcd-1', 'etcd-2'].map((name) => runningPod(name, [container('etcd', privileged)], { metadata }));
  const finding =
    'no-privileged-containers audit /spec/containers/0/securityContext/privileged; at /spec/containers/0/securityContext/privileged; template false, pods 1';
  expect(short(subjectsOf(mirrors))).toEqual(
    ['etcd-1', 'etcd-2'].map((name) => ({
      object: `v1 Pod shop/${name}`,
      verdict: 'allow',
      pods: 1,
      stopsAtRestart: false,
      findings: [finding],
    })),
  );
});

test('Pods of one controller are alike when only generated names and nodes differ, and else are told apart', () => {
  const daemon = workload('apps/v1', 'DaemonSet', 'daemon', [container('app')]);
  const on = (node: string, token: string, more: object = {}) => {
    const requirement = { key: 'metadata.name', operator: 'In', values: [node] };
    const required = { nodeSelectorTerms: [{ matchFields: [requirement] }] };
    const affinity = { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: required } };
    const volumes = [{ name: `kube-api-access-${token}`, projected: {} }];
    const pod = runningPod(`daemon-${token}`, [container('app')], { spec: { affinity, volumes, ...more } });
    return kubernetesObject(ownedBy(daemon, pod));
  };
  const owner = { apiVersion: 'apps/v1', kind: 'DaemonSet', name: 'daemon', uid: 'd' };
  const likeness = (pod: ReturnType<typeof on>): string | undefined => pod && likenessOf(pod, owner);
  expect(likeness(on('one', 'aaaaa'))).toBe(likeness(on('two', 'bbbbb')));
  expect(likeness(on('one', 'aaaaa'))).not.toBe(likeness(on('one', 'aaaaa', { hostNetwork: true })));
  const pods = [{}, { hostNetwork: true }, {}, { hostNetwork: true }].map((more, index) =>
    ownedBy(daemon, runningPod(`daemon-${index}`, [container('app')], { spec: more })),
  );
  expect(short(subjectsOf([daemon, ...pods]))).toMatchObject([
    { pods: 4, findings: ['no-host-network enforce /spec/hostNetwork; at /spec/hostNetwork; template false, pods 2'] },
  ]);
});

test('a finding that is exempt in only one of two Pods remains', () => {
  const operator = stored('example.com/v1', 'Operator', 'main');
  const pods = ['example.com/known:1', 'example.com/app:1'].map((image, index) =>
    ownedBy(operator, runningPod(`main-${index}`, [container('app', { image, ...privileged })])),
  );
  const match = { images: ['example.com/known'] };
  const exemption = { name: 'known', rules: ['*'], match, reason: 'because', owner: 'somebody' };
  const exempting = onlyRules(rules, { exemptions: [exemption] });
  const leftOver =
    'no-privileged-containers enforce /spec/containers/0/securityContext/privileged; at /spec/containers/0/securityContext/privileged; template false, pods 2';
  for (const order of [pods, pods.toReversed()])
    expect(short(subjectsOf(order, exempting))).toMatchObject([{ verdict: 'deny', findings: [leftOver] }]);
});

test('references in a circle end', () => {
  const one = workload('apps/v1', 'ReplicaSet', 'one', [container('app')]);
  const two = ownedBy(one, workload('apps/v1', 'ReplicaSet', 'two', [container('app')]));
  const circle = [ownedBy(two, one), two, ownedBy(two, runningPod('pod', [container('app')]))];
  expect(short(subjectsOf(circle))).toMatchObject([{ object: expect.stringMatching(/ReplicaSet/), pods: 1 }]);
});

test('the templates of one object are places of their own', () => {
  const template = { spec: { containers: [container('app', privileged)] } };
  const group = stored('leaderworkerset.x-k8s.io/v1', 'LeaderWorkerSet', 'train', {
    spec: { leaderWorkerTemplate: { leaderTemplate: template, workerTemplate: template } },
  });
  const [subject] = subjectsOf([group]);
  expect(subject?.findings.map(({ objectPath }) => objectPath)).toEqual([
    '/spec/leaderWorkerTemplate/leaderTemplate/spec/containers/0/securityContext/privileged',
    '/spec/leaderWorkerTemplate/workerTemplate/spec/containers/0/securityContext/privileged',
  ]);
});

test('policies are compared subject by subject, also where one does not know a kind', () => {
  const mine = { group: 'example.com', versions: ['v1'], resource: 'bots', kind: 'Bot', path: '/spec/pod' } as const;
  const objects = [
    stored('example.com/v1', 'Bot', 'bot', { spec: { pod: { spec: { containers: [container('app', privileged)] } } } }),
    workload('apps/v1', 'Deployment', 'web', [container('app', privileged)]),
  ];
  const knowing = onlyRules(rules, { podTemplates: [mine] });
  const lists = [subjectsOf(objects), subjectsOf(objects, knowing)];
  expect(matchSubjects(lists).map((row) => row.map(({ object, verdict }) => [object.kind, verdict]))).toEqual([
    [
      ['Deployment', 'deny'],
      ['Deployment', 'deny'],
    ],
    [
      ['Bot', 'allow'],
      ['Bot', 'deny'],
    ],
  ]);
});
