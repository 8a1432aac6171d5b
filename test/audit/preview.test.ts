import { describe, expect, test } from 'vitest';
import type { Preview } from '../../src/audit/preview/preview.ts';
import { withCeiling } from '../../src/audit/preview/preview-policies.ts';
import { onlyRules } from '../support/policies.ts';
import { exemption, previewed, running, stored } from '../support/previewed.ts';

const rules = ['no-host-network', 'no-privilege-escalation', 'pre-stop-sleep', 'require-memory-limit'];
const full = onlyRules(rules);
/** `require-memory-limit` warns. */
const policy = {
  ...full,
  rules: full.rules.map((setting) =>
    setting.rule.id === 'require-memory-limit' ? { ...setting, mode: 'warn' as const } : setting,
  ),
};
const resources = { limits: { memory: '16Mi' } };
const container = { name: 'app', image: 'example.com/app:1', resources };
const good = { ...container, securityContext: { allowPrivilegeEscalation: false } };
const spec = (...containers: readonly object[]) => ({ containers });

/** The numbers of each namespace in one line, then those of its rules and workloads. */
function told({ namespaces }: Preview) {
  return namespaces.map(({ namespace, isReady, totals, before, rules, workloads }) => ({
    namespace: `${namespace}${isReady ? ' ready' : ''}`,
    totals: numbers(totals),
    ...(before && { before: numbers(before) }),
    rules: rules.map(({ rule, ...counts }) => `${rule.id} ${numbers(counts)}`),
    workloads: workloads.map(
      ({ subject, outcomes }) => `${subject.object.kind}/${subject.object.name} ${[...outcomes].toSorted().join()}`,
    ),
  }));
}

const numbers = (counts: object): string =>
  Object.entries(counts)
    .filter(([, count]) => count > 0)
    .map(([name, count]) => `${name} ${count}`)
    .join(', ');

describe('a preview', () => {
  const objects = [
    ...running('Deployment', 'zoo/bad', { ...spec(good), hostNetwork: true }),
    ...running('Deployment', 'zoo/plain', spec(container)),
    ...running('Deployment', 'ape/good', spec(good)),
    ...running('Deployment', 'bee/port', spec({ ...good, ports: [{ containerPort: 80 }] })),
    stored('batch/v1', 'CronJob', 'bee/nightly', {
      spec: { jobTemplate: { spec: { template: { spec: spec({ ...good, resources: {} }) } } } },
    }),
    ...running('Deployment', 'cat/bad', { ...spec(good), hostNetwork: true }),
    ...running('Deployment', 'cat/worse', { ...spec(container), hostNetwork: true }),
  ];

  test("counts the outcomes for each namespace's workloads, the most ready first", () => {
    expect(told(previewed(objects, policy))).toEqual([
      { namespace: 'ape ready', totals: 'workloads 1', rules: [], workloads: ['Deployment/good '] },
      {
        namespace: 'bee ready',
        totals: 'workloads 2, fixed 1, warned 1',
        rules: ['pre-stop-sleep fixed 1', 'require-memory-limit warned 1'],
        workloads: ['CronJob/nightly warned', 'Deployment/port fixed'],
      },
      {
        namespace: 'zoo',
        totals: 'workloads 2, denied 1, stops 1, fixed 1, changesBehavior 1',
        rules: ['no-host-network denied 1, stops 1', 'no-privilege-escalation fixed 1, changesBehavior 1'],
        workloads: ['Deployment/bad denied,stops', 'Deployment/plain fixed'],
      },
      {
        namespace: 'cat',
        totals: 'workloads 2, denied 2, stops 2, fixed 1, changesBehavior 1',
        rules: ['no-host-network denied 2, stops 2', 'no-privilege-escalation fixed 1, changesBehavior 1'],
        workloads: ['Deployment/bad denied,stops', 'Deployment/worse denied,fixed,stops'],
      },
    ]);
  });

  test('sums up', () => {
    expect(previewed(objects, policy).totals).toEqual({
      workloads: 7,
      denied: 3,
      stops: 3,
      fixed: 3,
      warned: 1,
      exempt: 0,
      changesBehavior: 2,
      requestsOnly: 0,
    });
  });

  test('counts workloads that are denied for requests alone', () => {
    const withoutRequests = [
      ...running('Deployment', 'a/requests', spec({ ...good, resources: {} })),
      ...running('Deployment', 'a/more', { ...spec({ ...good, resources: {} }), hostNetwork: true }),
      ...running('Deployment', 'a/unreadable', spec({ ...good, resources: {}, stdin: 'yes' })),
      ...running('Deployment', 'a/good', spec({ ...good, resources: { requests: { cpu: '1', memory: '1Gi' } } })),
    ];
    const { totals } = previewed(withoutRequests, onlyRules(['no-host-network', 'require-cpu-request']));
    expect(totals).toMatchObject({ workloads: 4, denied: 3, requestsOnly: 1 });
  });

  test('respects the other ceilings: workloads in mode warn still stop', () => {
    const [zoo] = told(
      previewed(running('Deployment', 'zoo/bad', { ...spec(good), hostNetwork: true }), {
        ...policy,
        workloads: 'warn',
      }),
    );
    expect(zoo).toEqual({
      namespace: 'zoo',
      totals: 'workloads 1, stops 1, warned 1',
      rules: ['no-host-network stops 1, warned 1'],
      workloads: ['Deployment/bad stops,warned'],
    });
    expect(
      told(
        previewed(running('Deployment', 'zoo/bad', { ...spec(good), hostNetwork: true }), {
          ...policy,
          workloads: 'warn',
          controllers: 'warn',
        }),
      ),
    ).toMatchObject([{ namespace: 'zoo ready', totals: 'workloads 1, warned 1' }]);
  });

  test('findings that a policy only records have no outcome', () => {
    expect(told(previewed(objects, { ...policy, mode: 'audit' })).map(({ rules }) => rules)).toEqual([[], [], [], []]);
  });
});

test('findings in running Pods only are distinguished from those in the template', () => {
  const injected = { ...spec(good, { ...good, name: 'proxy' }), hostNetwork: true };
  const objects = [
    ...running('Deployment', 'zoo/injected', spec(good), injected),
    ...running('Deployment', 'zoo/both', { ...spec(good), hostNetwork: true }),
  ];
  expect(told(previewed(objects, policy))).toEqual([
    {
      namespace: 'zoo',
      totals: 'workloads 2, denied 1, stops 2',
      rules: ['no-host-network denied 1, stops 2, runningOnly 1'],
      workloads: ['Deployment/both denied,stops', 'Deployment/injected stops'],
    },
  ]);
});

test('a Pod of its own has no template to differ from', () => {
  const pod = stored('v1', 'Pod', 'zoo/tool', { spec: { ...spec(good), hostNetwork: true } });
  expect(told(previewed([pod], policy))).toEqual([
    {
      namespace: 'zoo',
      totals: 'workloads 1, denied 1',
      rules: ['no-host-network denied 1'],
      workloads: ['Pod/tool denied'],
    },
  ]);
});

test('a debug container blocks nothing', () => {
  const debugged = { ...spec(good), ephemeralContainers: [{ ...container, name: 'debug', resources: {} }] };
  const onlyEscalation = onlyRules(['no-privilege-escalation'], { fixes: false });
  expect(told(previewed(running('Deployment', 'zoo/web', spec(good), debugged), onlyEscalation))).toEqual([
    { namespace: 'zoo ready', totals: 'workloads 1', rules: [], workloads: ['Deployment/web '] },
  ]);
});

describe('a comparison', () => {
  const objects = [
    ...running('Deployment', 'zoo/bad', { ...spec(good), hostNetwork: true }),
    ...running('Deployment', 'zoo/good', spec(good)),
  ];

  test('says what changes, rule by rule', () => {
    const preview = previewed(objects, policy, { ...policy, mode: 'warn' });
    expect(told(preview)).toEqual([
      {
        namespace: 'zoo',
        totals: 'workloads 2, denied 1, stops 1',
        before: 'workloads 2, warned 1',
        rules: ['no-host-network denied 1, stops 1'],
        workloads: ['Deployment/bad denied,stops', 'Deployment/good '],
      },
    ]);
    const changes = preview.namespaces.flatMap(({ workloads }) => workloads.flatMap((workload) => workload.changes));
    expect(changes.map(({ rule, before, after }) => [rule.id, before, after])).toEqual([
      ['no-host-network', ['warned'], ['denied', 'stops']],
    ]);
  });

  test('reports findings that disappear', () => {
    const preview = previewed(objects, onlyRules(['require-memory-limit']), policy);
    const changes = preview.namespaces.flatMap(({ workloads }) => workloads.flatMap((workload) => workload.changes));
    expect(changes.map(({ rule, before, after }) => [rule.id, before, after])).toEqual([
      ['no-host-network', ['denied', 'stops'], []],
    ]);
  });
});

describe('exemptions', () => {
  const calico = running('DaemonSet', 'calico-system/calico-node', { ...spec(good), hostNetwork: true });
  const other = running('DaemonSet', 'calico-system/mine', { ...spec(good), hostNetwork: true });

  test('that are known for add-ons are suggested for add-ons without one', () => {
    const { suggestions, namespaces } = previewed([...calico, ...other], policy);
    expect(namespaces[0]?.totals).toMatchObject({ denied: 2, exempt: 0 });
    expect(
      suggestions.map(({ exemption, workloads }) => [
        exemption.name,
        ...workloads.map(({ subject, rules }) => [subject.object.name, ...rules]),
      ]),
    ).toEqual([['calico', ['calico-node', 'no-host-network']]]);
  });

  test('are suggested under a name that no exemption has', () => {
    const own = [
      exemption('calico', ['no-host-path'], { workloads: ['DaemonSet/calico-node'] }),
      exemption('calico-2', ['no-host-path'], { workloads: ['DaemonSet/calico-node'] }),
    ];
    const { suggestions } = previewed(calico, { ...policy, exemptions: own });
    expect(suggestions.map(({ exemption: { name } }) => name)).toEqual(['calico-3']);
  });

  test('that match on images or containers alone are named, unless they have expired', () => {
    const images = ['example.com/app'];
    const own = [
      exemption('images', ['*'], { images, namespaces: ['shop'] }),
      exemption('containers', ['*'], { containers: ['app'] }),
      exemption('workloads', ['*'], { images, workloads: ['Deployment/web'] }),
      exemption('accounts', ['*'], { images, serviceAccounts: ['web'] }),
      exemption('users', ['*'], { images, users: ['admin'] }),
      exemption('groups', ['*'], { images, groups: ['admins'] }),
      exemption('namespaces', ['*'], { namespaces: ['shop'] }),
      { ...exemption('expired', ['*'], { images }), expires: '2025-01-01', expiresAt: Date.UTC(2025, 0, 2) },
    ];
    const { openExemptions } = previewed(calico, { ...policy, exemptions: own });
    expect(openExemptions.map(({ name }) => name)).toEqual(['images', 'containers']);
  });

  test('that the policy has need not be suggested, and those that cover nothing are named', () => {
    const own = [
      exemption('network', ['no-host-network'], { workloads: ['DaemonSet/calico-node'] }),
      exemption('gone', ['*'], { workloads: ['DaemonSet/gone'] }),
      exemption('break-glass', ['*'], { users: ['admin'] }),
    ];
    const { suggestions, unusedExemptions, totals } = previewed(calico, { ...policy, exemptions: own });
    expect(suggestions).toEqual([]);
    expect(unusedExemptions.map(({ name }) => name)).toEqual(['gone']);
    expect(totals).toMatchObject({ denied: 0, exempt: 1 });
  });

  test('are suggested for fixes that can change what the add-on sees', () => {
    const fixed = running('DaemonSet', 'calico-system/calico-node', spec(container));
    const [suggestion] = previewed(fixed, policy).suggestions;
    expect(suggestion?.workloads.map(({ rules }) => rules)).toEqual([['no-privilege-escalation']]);
  });
});

describe('a namespace is ready only where everything is enforced', () => {
  const objects = ['bad', 'good'].flatMap((name) =>
    running('Deployment', `${name}/web`, { ...spec(good), hostNetwork: name === 'bad' }),
  );
  const modes = ({ namespaces }: Preview) =>
    namespaces.map(({ namespace, mode, writtenMode, isReady, isOff }) =>
      [namespace, mode, writtenMode, ...(isReady ? ['ready'] : []), ...(isOff ? ['switched off'] : [])].join(),
    );

  test('and not because the policy as written denies nothing', () => {
    expect(modes(previewed(objects, { ...policy, mode: 'audit' }))).toEqual(['bad,audit,audit', 'good,audit,audit']);
    expect(modes(previewed(objects, { ...policy, mode: 'off' }))).toEqual(['bad,off,off', 'good,off,off']);
  });

  test('by its entries', () => {
    const namespaces = [{ match: { names: ['good'] }, mode: 'enforce' as const, rules: {} }];
    expect(modes(previewed(objects, { ...policy, mode: 'warn', namespaces }))).toEqual([
      'good,enforce,enforce,ready',
      'bad,warn,warn',
    ]);
  });

  test('and not where it is turned off, regardless of ceilings', () => {
    const namespaces = [{ match: { names: ['good'] }, mode: 'off' as const, rules: {} }];
    const written = { ...policy, mode: 'audit' as const, namespaces };
    expect(modes(previewed(objects, withCeiling(written, 'enforce'), undefined, written))).toEqual([
      'bad,enforce,audit',
      'good,off,off,switched off',
    ]);
  });

  test('so that one where nothing is enforced comes after those with one', () => {
    const namespaces = [{ match: { names: ['ape'] }, mode: 'audit' as const, rules: {} }];
    const all = [...objects, ...running('Deployment', 'ape/web', spec(good))];
    expect(modes(previewed(all, { ...policy, namespaces }))).toEqual([
      'good,enforce,enforce,ready',
      'bad,enforce,enforce',
      'ape,audit,audit',
    ]);
  });
});

describe('exemptions with an end', () => {
  const day = 24 * 60 * 60 * 1000;
  /** It ends that many days after the preview. */
  const ending = (name: string, rules: readonly string[], days: number) => ({
    ...exemption(name, rules, { workloads: ['Deployment/web'] }),
    expires: `day ${days}`,
    expiresAt: Date.UTC(2026, 0, 1) + days * day,
  });
  const objects = [
    ...running('Deployment', 'zoo/web', { ...spec({ ...container, resources: {} }), hostNetwork: true }),
    ...running('Deployment', 'zoo/other', { ...spec(good), hostNetwork: true }),
  ];
  const told = (...exemptions: readonly ReturnType<typeof ending>[]) => {
    const { endingExemptions, expiredExemptions, unusedExemptions } = previewed(objects, { ...policy, exemptions });
    const lines = (ends: Preview['endingExemptions']) =>
      ends.flatMap(({ exemption: { name }, workloads }) =>
        workloads.map(
          ({ subject, rules }) =>
            `${name} ${subject.object.name}: ${rules.map(({ rule, outcomes }) => [rule.id, ...outcomes].join(' ')).join(', ')}`,
        ),
      );
    return {
      ending: lines(endingExemptions),
      expired: lines(expiredExemptions),
      unused: unusedExemptions.map(({ name }) => name),
    };
  };

  test('within 30 days are reported with the outcome without them', () => {
    expect(told(ending('soon', ['*'], 30))).toEqual({
      ending: ['soon web: no-host-network denied stops, no-privilege-escalation fixed, require-memory-limit warned'],
      expired: [],
      unused: [],
    });
    expect(told(ending('later', ['*'], 31))).toEqual({ ending: [], expired: [], unused: [] });
  });

  test('limit how long a namespace that depends on them is ready', () => {
    const web = running('Deployment', 'zoo/web', { ...spec(good), hostNetwork: true });
    const until = (...exemptions: readonly ReturnType<typeof ending>[]) =>
      previewed(web, { ...policy, exemptions }).namespaces.map(({ isReady, readyUntil }) => [isReady, readyUntil]);
    expect(until(ending('a', ['*'], 3))).toEqual([[true, 'day 3']]);
    expect(until(ending('a', ['*'], 300))).toEqual([[true, undefined]]);
    expect(until(ending('a', ['require-memory-limit'], 3))).toEqual([[false, undefined]]);
    const hindered = [...web, ...running('Deployment', 'zoo/other', { ...spec(good), hostNetwork: true })];
    const [zoo] = previewed(hindered, { ...policy, exemptions: [ending('a', ['*'], 3)] }).namespaces;
    expect([zoo?.isReady, zoo?.readyUntil]).toEqual([false, undefined]);
    const unlimited = running('Deployment', 'zoo/web', spec({ ...good, resources: {} }));
    const harmless = previewed(unlimited, { ...policy, exemptions: [ending('a', ['*'], 3)] });
    expect(harmless.namespaces.map(({ readyUntil }) => readyUntil)).toEqual([undefined]);
    expect(harmless.endingExemptions).toHaveLength(1);
  });

  test('in the past are reported with the findings they would have covered', () => {
    expect(told(ending('over', ['no-host-network'], 0), ending('idle', ['pre-stop-sleep'], -5))).toEqual({
      ending: [],
      expired: ['over web: no-host-network denied stops'],
      unused: ['idle'],
    });
  });

  test('are not reported if another one covers the same findings', () => {
    const lasting = ending('lasting', ['no-host-network'], 300);
    expect(told(ending('soon', ['no-host-network'], 3), ending('over', ['no-host-network'], -3), lasting)).toEqual({
      ending: [],
      expired: [],
      unused: ['over', 'lasting'],
    });
  });

  test('that end at the same time are each reported', () => {
    expect(told(ending('a', ['no-host-network'], 3), ending('b', ['require-memory-limit'], 4)).ending).toEqual([
      'a web: no-host-network denied stops',
      'b web: require-memory-limit warned',
    ]);
  });
});

test('a ceiling is set for all namespaces but those that are off, and other ceilings stay', () => {
  const entry = { match: { names: ['a'] }, rules: {} };
  const off = { ...entry, mode: 'off' as const };
  const lifted = withCeiling(
    { ...policy, mode: 'off', workloads: 'warn', namespaces: [{ ...entry, mode: 'warn' }, entry, off] },
    'enforce',
  );
  expect([lifted.mode, lifted.workloads, lifted.namespaces]).toEqual([
    'enforce',
    'warn',
    [{ ...entry, mode: 'enforce' }, entry, off],
  ]);
});
