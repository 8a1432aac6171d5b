import { describe, expect, test } from 'vitest';
import { plain } from '../../src/cli/output/paint.ts';
import { operatorsEntry } from '../../src/cli/output/preview-operators.ts';
import { previewText } from '../../src/cli/output/preview-text.ts';
import type { Policy } from '../../src/engine/policy.ts';
import { onlyRules } from '../support/policies.ts';
import { exemption, previewed, stored } from '../support/previewed.ts';

const onHost = { hostNetwork: true, containers: [{ name: 'app', image: 'example.com/app:1' }] };
const ofHost = (workload: string) => [exemption('host', ['no-host-network'], { workloads: [workload] })];
/** Pods that Kubernetes makes anew are warned of, so that it is the template alone that is denied. */
const under = (more: Partial<Policy> = {}): Policy => onlyRules(['no-host-network'], { controllers: 'warn', ...more });

/** The same where the rule only warns. */
function warning(operators: readonly string[]): Policy {
  const setting = under().rules.find(({ rule }) => rule.id === 'no-host-network');
  if (setting === undefined) throw new Error('there is no such rule');
  return under({ operators, rules: [{ ...setting, mode: 'warn' }] });
}

/** An object of the namespace `opns`, with what says that it is managed and by what it was written. */
function managed(kind: string, name: string, spec: object, owner: readonly string[], manager = 'manager'): object {
  const [ownerApi, ownerKind, ownerName] = owner;
  const { metadata, ...rest } = stored(kind === 'Pod' ? 'v1' : 'apps/v1', kind, `opns/${name}`, { spec }) as {
    metadata: object;
  };
  const reference = { apiVersion: ownerApi, kind: ownerKind, name: ownerName, uid: `${ownerKind}/opns/${ownerName}` };
  return {
    ...rest,
    metadata: {
      ...metadata,
      ownerReferences: [{ ...reference, controller: true }],
      managedFields: [
        { manager },
        { manager: 'kube-controller-manager', subresource: 'status' },
        { manager: 'kubectl' },
      ],
    },
  };
}

const prometheus = ['monitoring.coreos.com/v1', 'Prometheus', 'main'];
const statefulSet = managed('StatefulSet', 'prom', { template: { spec: onHost } }, prometheus, 'PrometheusOperator');
const operator = stored('v1', 'Pod', 'opns/operator', {
  spec: { serviceAccountName: 'prometheus-operator', containers: [{ name: 'app', image: 'example.com/operator:1' }] },
});

/** What stands in the way, and what is said of operators. */
function told(objects: readonly object[], policy: Policy) {
  const { namespaces, unlistedOperators } = previewed(objects, policy);
  return {
    ready: namespaces.map(({ namespace, isReady }) => `${namespace} ${isReady}`),
    denied: namespaces.flatMap(({ workloads }) =>
      workloads
        .filter(({ outcomes }) => outcomes.has('denied'))
        .map(
          ({ subject: { object }, rules }) =>
            `${object.kind}/${object.name} ${rules.map(({ rule }) => rule.id).join()}`,
        ),
    ),
    operators: unlistedOperators.map(({ group, kind, managers, accounts, workloads }) => ({
      kind: `${kind} ${group}`,
      managers,
      accounts,
      objects: workloads.flatMap((each) => each.objects.map((object) => `${object} ${each.rules.join()}`)),
    })),
  };
}

const allowed = { ready: ['opns true'], denied: [], operators: [] };

describe('the workload of an operator', () => {
  test('is denied while the creating account is not listed, and the account is reported', () => {
    expect(told([statefulSet, operator], under())).toEqual({
      ready: ['opns false'],
      denied: ['Prometheus/main no-host-network'],
      operators: [
        {
          kind: 'Prometheus monitoring.coreos.com',
          managers: ['PrometheusOperator'],
          accounts: ['system:serviceaccount:opns:prometheus-operator'],
          objects: ['StatefulSet/prom no-host-network'],
        },
      ],
    });
  });

  test.each([
    ['system:serviceaccount:opns:prometheus-operator', [operator]],
    ['system:serviceaccount:opns:*', [operator]],
    ['system:serviceaccount:elsewhere:prometheus-operator', []],
  ])('is ready when %s is listed', (account, others) => {
    const { ready, denied, operators } = told([statefulSet, ...others], under({ operators: [account] }));
    expect({ ready, denied, operators }).toEqual(allowed);
  });

  test.each([
    ['another operator is listed', ['system:serviceaccount:argo-rollouts:argo-rollouts']],
    ['another account of the namespace is listed', ['system:serviceaccount:opns:deployer']],
  ])('is not ready though %s', (_, operators) => {
    expect(told([statefulSet, operator], under({ operators })).ready).toEqual(['opns false']);
  });

  describe('whose account has nothing in common with its kind', () => {
    const robot = 'system:serviceaccount:platform:robot';
    const kind = 'Prometheus.monitoring.coreos.com';

    test('is refused though the account is listed, as the policy does not state what it manages', () => {
      const { ready, operators } = told([statefulSet], under({ operators: [robot] }));
      expect([ready, operators.map(({ accounts }) => accounts)]).toEqual([['opns false'], [[]]]);
    });

    test('is ready when the policy states that the account manages the kind', () => {
      expect(told([statefulSet], under({ operators: [robot], operatorKinds: { [kind]: robot } }))).toEqual(allowed);
    });

    test('is refused by the statement alone, and the account that is stated is told', () => {
      const { ready, operators } = told([statefulSet, operator], under({ operatorKinds: { [kind]: robot } }));
      expect([ready, operators.map(({ accounts }) => accounts)]).toEqual([['opns false'], [[robot]]]);
    });

    test('is refused where the statement is of another kind, whatever the guess', () => {
      const other = { 'Prometheus.monitoring.example': robot };
      expect(told([statefulSet], under({ operators: [robot], operatorKinds: other })).ready).toEqual(['opns false']);
    });
  });

  test('that only breaks rules which warn is warned of while the account is not listed', () => {
    const outcomesUnder = (policy: Policy) =>
      previewed([statefulSet, operator], policy).namespaces.flatMap(({ workloads }) =>
        workloads.map(({ subject, outcomes }) => [subject.object.name, ...outcomes]),
      );
    expect(outcomesUnder(warning([]))).toEqual([['operator'], ['main', 'warned']]);
    expect(outcomesUnder(warning(['system:serviceaccount:opns:prometheus-operator']))).toEqual([
      ['operator'],
      ['main'],
    ]);
  });

  test('is recognized by the names of programs too where it is only warned of', () => {
    const owner = ['db.example/v1', 'Db', 'main'];
    const set = managed('StatefulSet', 'db', { template: { spec: onHost } }, owner, 'robot-manager');
    const { namespaces } = previewed([set], warning(['system:serviceaccount:platform:robot-manager']));
    expect(namespaces.flatMap(({ workloads }) => workloads.map(({ outcomes }) => [...outcomes]))).toEqual([[]]);
  });

  test.each([
    ['is listed', ['system:serviceaccount:opns:prometheus-operator'], ['stops']],
    ['is not listed', [], ['denied', 'stops']],
  ])(
    'whose Pods Kubernetes recreates stops, and is denied itself unless its account is listed: %s',
    (_, operators, outcomes) => {
      const metadata = { namespace: 'opns', name: 'prom-0', uid: 'Pod/opns/prom-0' };
      const owner = { apiVersion: 'apps/v1', kind: 'StatefulSet', name: 'prom', uid: 'StatefulSet/opns/prom' };
      const ownerReferences = [{ ...owner, controller: true }];
      const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { ...metadata, ownerReferences }, spec: onHost };
      const { namespaces } = previewed([statefulSet, operator, pod], under({ operators, controllers: 'enforce' }));
      const [, main] = namespaces.flatMap(({ workloads }) => workloads);
      expect([...(main?.outcomes ?? [])].toSorted()).toEqual(outcomes);
      expect(main?.rules.map((each) => [each.rule.id, ...each.outcomes])).toEqual([['no-host-network', ...outcomes]]);
    },
  );

  test('is nothing to tell of where it keeps the rules, or nothing is enforced', () => {
    const good = managed('StatefulSet', 'prom', { template: { spec: { ...onHost, hostNetwork: false } } }, prometheus);
    expect(told([good], under())).toEqual(allowed);
    expect(told([statefulSet], under({ mode: 'audit' }))).toMatchObject({ denied: [], operators: [] });
  });

  test('whose Pods are exempt by their owner alone loses the exemption', () => {
    const pod = managed('Pod', 'kafka-0', onHost, ['core.strimzi.io/v1beta2', 'StrimziPodSet', 'kafka']);
    expect(told([pod], under({ exemptions: ofHost('StrimziPodSet/kafka') }))).toEqual({
      ready: ['opns false'],
      denied: ['StrimziPodSet/kafka no-host-network'],
      operators: [
        {
          kind: 'StrimziPodSet core.strimzi.io',
          managers: ['manager'],
          accounts: [],
          objects: ['Pod/kafka-0 no-host-network'],
        },
      ],
    });
    const inNamespace = [exemption('host', ['no-host-network'], { namespaces: ['opns'] })];
    expect(told([pod], under({ exemptions: inNamespace }))).toEqual(allowed);
  });

  test('whose template is known and exempt is refused where the operator passes it on', () => {
    const rollout = stored('argoproj.io/v1alpha1', 'Rollout', 'opns/web', { spec: { template: { spec: onHost } } });
    const owner = ['argoproj.io/v1alpha1', 'Rollout', 'web'];
    const replicaSet = managed('ReplicaSet', 'web-1', { replicas: 1, template: { spec: onHost } }, owner);
    const exempting = under({ exemptions: ofHost('Rollout/web') });
    expect(told([rollout, replicaSet], exempting)).toMatchObject({
      ready: ['opns false'],
      denied: ['Rollout/web no-host-network'],
      operators: [{ objects: ['ReplicaSet/web-1 no-host-network'] }],
    });
    const account = 'system:serviceaccount:argo-rollouts:argo-rollouts';
    expect(told([rollout, replicaSet], { ...exempting, operators: [account] })).toEqual(allowed);
  });

  test('is denied too if its owner is the Deployment of the operator, for which Kubernetes creates nothing of the kind', () => {
    const deployment = stored('apps/v1', 'Deployment', 'opns/agents-operator', {
      spec: { template: { spec: { containers: onHost.containers } } },
    });
    const daemonSet = managed('DaemonSet', 'agent', { template: { spec: onHost } }, [
      'apps/v1',
      'Deployment',
      'agents-operator',
    ]);
    const pod = managed('Pod', 'agent-1', onHost, ['apps/v1', 'DaemonSet', 'agent']);
    for (const objects of [[deployment, daemonSet, pod], [daemonSet, deployment], [daemonSet]])
      expect(told(objects, under())).toMatchObject({
        ready: ['opns false'],
        denied: ['Deployment/agents-operator no-host-network'],
        operators: [{ kind: 'Deployment apps', objects: ['DaemonSet/agent no-host-network'] }],
      });
  });

  test('does not include objects that Kubernetes itself creates', () => {
    const owner = ['apps/v1', 'Deployment', 'web'];
    const replicaSet = managed('ReplicaSet', 'web-1', { replicas: 1, template: { spec: onHost } }, owner);
    expect(told([replicaSet], under({ exemptions: ofHost('Deployment/web') }))).toEqual(allowed);
  });
});

test('text says which operators there are, whom exemptions are for, and what to write', () => {
  const open = exemption('proxy', ['no-host-network'], { images: ['example.com/proxy'] });
  const style = { diff: false, ceiling: undefined, written: under() };
  const text = previewText(previewed([statefulSet, operator], under({ exemptions: [open] })), style, plain);
  expect(text).toContain('\n  Prometheus opns/main (StatefulSet prom): no-host-network\n');
  expect(text.slice(text.indexOf('The policy does not list'))).toMatchInlineSnapshot(`
    "The policy does not list these operators, so their owner references are not trusted and their
    objects would be denied. Check these accounts, and list the right ones:

    operators:
    # manages Prometheus of monitoring.coreos.com, written by PrometheusOperator:
    # StatefulSet opns/prom: no-host-network
    - system:serviceaccount:opns:prometheus-operator

    Exemptions that match on images or containers alone:
      proxy: anyone who can create Pods in any namespace can use it, with any command and volume; add
      workloads or serviceAccounts, or set an option of the rule instead

    Exemptions that cover nothing here: proxy"
  `);
});

test('where no account fits, what to write says that the next preview has to be told whose kind it is', () => {
  expect(operatorsEntry(previewed([statefulSet], under()).unlistedOperators)).toMatchInlineSnapshot(`
    "operators:
    # manages Prometheus of monitoring.coreos.com, written by PrometheusOperator:
    # StatefulSet opns/prom: no-host-network
    # no running account has a matching name; fill in the account that it runs as
    # - system:serviceaccount:NAMESPACE:NAME
    # and beside operators: operatorKinds: { Prometheus.monitoring.coreos.com: system:serviceaccount:NAMESPACE:NAME }
    "
  `);
});
