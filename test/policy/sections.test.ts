import { describe, expect, it } from 'vitest';
import { loadPolicy } from '../../src/policy/load.ts';
import { sampleRules } from './sample-rules.ts';

const head = 'apiVersion: podwright.dev/v1alpha1\nkind: Policy\n';

/** Every problem as a line `line:column field: message`; the third line is the first of the text. */
async function problemsOf(text: string): Promise<string[]> {
  const loaded = await loadPolicy(head + text, sampleRules);
  if ('policy' in loaded) return [];
  return loaded.problems.map(({ line, column, field, message }) => `${line}:${column} ${field}: ${message}`);
}

const exemptionWith = (fields: string): string =>
  `exemptions:\n- ${fields}\n  name: cni\n  reason: it programs the network\n  owner: platform\n`;
const matching = (match: string): string => exemptionWith(`match: ${match}\n  rules: ["*"]`);

describe('sections that are right', () => {
  it.each([
    'namespaces: []\nexemptions: []\npodTemplates: []',
    'namespaces:\n- match: { names: ["*", kube-system, "team-*", "*-prod", "4"] }',
    'namespaces:\n- match: { labels: { a: "", example.com/Tier_1: "G*", kubernetes.io/metadata.name: x } }\n  mode: off\n  fixes: off',
    'namespaces:\n- match: { names: [a] }\n  rules: { no-host-path: { mode: false }, pre-stop-sleep: { fix: false, options: { exec: true } } }',
    matching('{ namespaces: ["*"], namespaceLabels: { team: a } }'),
    matching('{ workloads: ["DaemonSet/calico-node", "*/x", "CloneSet/web.v2-*", "*Set/*", "Jobs2/x"] }'),
    matching('{ serviceAccounts: [default, "calico-*", a.b] }'),
    matching('{ users: ["system:serviceaccount:a:b", "Alice Smith <a@b.example>"], groups: ["system:masters"] }'),
    matching('{ containers: ["istio-*", "*"] }'),
    exemptionWith('match: { users: ["*"] }\n  rules: [no-host-path, pre-stop-sleep]\n  expires: 2024-02-29'),
    exemptionWith('match: { users: ["*"] }\n  rules: ["*"]\n  expires: "2027-03-31T00:00:00.000Z"'),
    'operators: ["system:serviceaccount:argo-rollouts:argo-rollouts", "system:serviceaccount:*-operator:*", jane@example.com]',
    'operators: ["system:serviceaccount:operators:*", "system:node-operator", "CN=operator,O=Example Inc."]',
    'operatorKinds: { Prometheus.monitoring.coreos.com: "system:serviceaccount:platform:robot" }',
    'images:\n- { image: docker.io/acme/*, user: 65532, setuid: [], capabilities: [NET_BIND_SERVICE], shell: false }\n- { image: "*/worker:2.*", user: "1000" }\n- { image: quay.io/acme/web, user: nobody }',
    'podTemplates:\n- { group: example.com, versions: [v1, v1alpha1], resource: workers, kind: Worker, path: spec.podTemplate }',
    'podTemplates:\n- { group: argoproj.io, versions: [v1alpha1], resource: rollouts, kind: Rollout, path: spec.template }',
  ])('%s', async (text) => {
    expect(await problemsOf(text)).toEqual([]);
  });
});

describe('namespaces', () => {
  it.each<[string, string, string[]]>([
    ['no list', 'namespaces: { a: b }', ['3:1 namespaces: must be a list, not a mapping']],
    ['emptied', 'namespaces:\n#- match: {}', ['3:1 namespaces: must be a list, not null']],
    [
      'an entry for nothing in particular',
      'namespaces:\n- mode: warn\n- match: {}\n- match:',
      [
        '4:3 namespaces[0].match: is missing; specify what it applies to, by at least one of names, labels',
        '5:3 namespaces[1].match: is empty; specify namespaces by names, labels or both; settings for all namespaces belong at the top level',
        '6:3 namespaces[2].match: must be a mapping, not null',
      ],
    ],
    [
      'empty conditions',
      'namespaces:\n- match: { names: [], labels: {} }',
      [
        '4:12 namespaces[0].match.names: is empty and would match nothing; name at least one, or omit the key',
        '4:23 namespaces[0].match.labels: is empty and would match nothing; name at least one, or omit the key',
      ],
    ],
    [
      'names that no namespace has',
      'namespaces:\n- match:\n    names: [Team, "team-.*", "", 4, a_b]',
      [
        '5:13 namespaces[0].match.names[0]: must be a name of lowercase letters, digits and -, in which * stands for any characters, not "Team"',
        '5:19 namespaces[0].match.names[1]: must be a name of lowercase letters, digits and -, in which * stands for any characters, not "team-.*"',
        '5:30 namespaces[0].match.names[2]: must be a name of lowercase letters, digits and -, in which * stands for any characters, not ""',
        '5:34 namespaces[0].match.names[3]: must be a name of lowercase letters, digits and -, in which * stands for any characters, not 4; put it in quotes',
        '5:37 namespaces[0].match.names[4]: must be a name of lowercase letters, digits and -, in which * stands for any characters, not "a_b"',
      ],
    ],
    [
      'one name instead of a list',
      'namespaces:\n- match: { names: kube-system }',
      ['4:12 namespaces[0].match.names: must be a list, like ["kube-system"], not "kube-system"'],
    ],
    [
      'labels that no namespace has',
      'namespaces:\n- match:\n    labels:\n      a/b/c: x\n      team: true\n      tier: a b\n      "": w\n      list: [z]',
      [
        '6:7 namespaces[0].match.labels["a/b/c"]: must be a label key, like team or example.com/tier, not "a/b/c"',
        '7:7 namespaces[0].match.labels.team: must be a label value; * matches any characters, not true; put it in quotes',
        '8:7 namespaces[0].match.labels.tier: must be a label value; * matches any characters, not "a b"',
        '9:7 namespaces[0].match.labels[""]: must be a label key, like team or example.com/tier, not ""',
        '10:7 namespaces[0].match.labels.list: must be a label value; * matches any characters, not a list',
      ],
    ],
    [
      'keys that there are not',
      'namespaces:\n- match: { name: [a] }\n  existing: warn\n  rule: {}',
      [
        '4:12 namespaces[0].match.name: unknown key; did you mean "names"?',
        '5:3 namespaces[0].existing: unknown key; it must be one of match, mode, fixes, rules',
        '6:3 namespaces[0].rule: unknown key; did you mean "rules"?',
      ],
    ],
    [
      'settings as wrong as at the top',
      `namespaces:
- match: { names: [a] }
  mode: on
  fixes: "off"
  rules:
    no-host-pth: {}
    tea: {}
    no-host-path: { fix: true, options: {} }
    pre-stop-sleep: { mode: enfroce, options: { second: 1, seconds: 0 } }
`,
      [
        '5:3 namespaces[0].mode: must be one of off, audit, warn, enforce, not true',
        '6:3 namespaces[0].fixes: must be true or false, not "off"',
        '8:5 namespaces[0].rules.no-host-pth: there is no such rule; did you mean "no-host-path"?',
        '9:5 namespaces[0].rules.tea: there is no such rule; podwright rules lists all of them',
        '10:21 namespaces[0].rules.no-host-path.fix: this rule has no fix',
        '10:32 namespaces[0].rules.no-host-path.options: this rule has no options',
        '11:23 namespaces[0].rules.pre-stop-sleep.mode: must be one of off, audit, warn, enforce, not "enfroce"',
        '11:49 namespaces[0].rules.pre-stop-sleep.options.second: unknown key; did you mean "seconds"?',
        '11:60 namespaces[0].rules.pre-stop-sleep.options.seconds: must be an integer from 1 to 300, not 0',
      ],
    ],
  ])('%s', async (_, text, problems) => {
    expect(await problemsOf(text)).toEqual(problems);
  });
});

const fields = 'namespaces, namespaceLabels, workloads, serviceAccounts, users, groups, images, containers';

describe('exemptions', () => {
  it.each<[string, string, string[]]>([
    [
      'nothing said',
      'exemptions:\n- {}',
      [
        '4:3 exemptions[0].name: is missing; it must be a name of at most 63 lowercase letters, digits and - in between',
        '4:3 exemptions[0].rules: is missing; name the rules, or write ["*"] for all',
        `4:3 exemptions[0].match: is missing; specify what it applies to, by at least one of ${fields}`,
        '4:3 exemptions[0].reason: is missing; explain why this is justified',
        '4:3 exemptions[0].owner: is missing; name the person or team responsible',
      ],
    ],
    [
      'all said, and none of it',
      'exemptions:\n- name: "-cni"\n  rules: []\n  match: {}\n  reason: " "\n  owner:\n  expires: soon\n  until: 2027-03-31',
      [
        '4:3 exemptions[0].name: must be a name of at most 63 lowercase letters, digits and - in between, not "-cni"',
        '5:3 exemptions[0].rules: is empty; name the rules, or write ["*"] for all',
        `6:3 exemptions[0].match: is empty; specify what it applies to, by at least one of ${fields}`,
        '7:3 exemptions[0].reason: must be text that is not blank, not " "',
        '8:3 exemptions[0].owner: must be text that is not blank, not null',
        '9:3 exemptions[0].expires: must be a date, like 2027-03-31, not "soon"',
        '10:3 exemptions[0].until: unknown key; it must be one of name, rules, match, reason, owner, expires',
      ],
    ],
    [
      'names that are too long, or no text',
      `exemptions:\n- { name: ${'a'.repeat(64)}, rules: ["*"], match: { users: [a] }, reason: 1, owner: yes }`,
      [
        `4:5 exemptions[0].name: must be a name of at most 63 lowercase letters, digits and - in between, not "${'a'.repeat(58)}…`,
        '4:114 exemptions[0].reason: must be text that is not blank, not 1; put it in quotes',
        '4:125 exemptions[0].owner: must be text that is not blank, not true; put it in quotes',
      ],
    ],
    [
      'a name twice and more',
      ['a', 'b', 'a', 'a']
        .map((name) => `- { name: ${name}, rules: ["*"], match: { users: [u] }, reason: r, owner: o }`)
        .toSpliced(0, 0, 'exemptions:')
        .join('\n'),
      [
        '6:5 exemptions[2].name: is also the name of exemptions[0]; logs and metrics identify exemptions by it',
        '7:5 exemptions[3].name: is also the name of exemptions[0]; logs and metrics identify exemptions by it',
      ],
    ],
    [
      'rules that there are not',
      exemptionWith('rules: [no-host-pth, tea, "no-host-*", 3, "*"]\n  match: { users: [a] }'),
      [
        '4:11 exemptions[0].rules[0]: there is no such rule; did you mean "no-host-path"?',
        '4:24 exemptions[0].rules[1]: there is no such rule; podwright rules lists all of them',
        '4:29 exemptions[0].rules[2]: rules are named one by one; ["*"] alone stands for all',
        '4:42 exemptions[0].rules[3]: must be the id of a rule, not 3',
        '4:45 exemptions[0].rules[4]: stands for all rules; write ["*"] alone, or list only the intended rules',
      ],
    ],
    [
      'one rule instead of a list',
      exemptionWith('rules: "*"\n  match: { users: [a] }'),
      ['4:3 exemptions[0].rules: must be a list, like ["*"], not "*"'],
    ],
    [
      'a match for nothing',
      matching('{ namespaces: [], namespaceLabels: {}, users: [""], groups: [1], container: [a] }'),
      [
        '4:12 exemptions[0].match.namespaces: is empty and would match nothing; name at least one, or omit the key',
        '4:28 exemptions[0].match.namespaceLabels: is empty and would match nothing; name at least one, or omit the key',
        '4:57 exemptions[0].match.users[0]: must be text of at least 1 character, not ""',
        '4:71 exemptions[0].match.groups[0]: must be text of at least 1 character, not 1',
        '4:75 exemptions[0].match.container: unknown key; did you mean "containers"?',
      ],
    ],
    [
      'names in other letters',
      matching('{ namespaces: [kube_system], namespaceLabels: { "a b": c }, containers: [Istio] }'),
      [
        '4:25 exemptions[0].match.namespaces[0]: must be a name of lowercase letters, digits and -, in which * stands for any characters, not "kube_system"',
        '4:58 exemptions[0].match.namespaceLabels["a b"]: must be a label key, like team or example.com/tier, not "a b"',
        '4:83 exemptions[0].match.containers[0]: must be a name of lowercase letters, digits and -, in which * stands for any characters, not "Istio"',
      ],
    ],
    [
      'service accounts with their namespace',
      matching('{ serviceAccounts: ["kube-system:calico", "system:serviceaccount:a:b", Calico] }'),
      [
        '4:30 exemptions[0].match.serviceAccounts[0]: must be a name of lowercase letters, digits, - and ., in which * stands for any characters, not "kube-system:calico"; its namespace belongs in namespaces',
        '4:52 exemptions[0].match.serviceAccounts[1]: must be a name of lowercase letters, digits, - and ., in which * stands for any characters, not "system:serviceaccount:a:b"; its namespace belongs in namespaces',
        '4:81 exemptions[0].match.serviceAccounts[2]: must be a name of lowercase letters, digits, - and ., in which * stands for any characters, not "Calico"',
      ],
    ],
    [
      'workloads of no kind',
      matching('{ workloads: [calico-node, daemonset/a, DaemonSets/b, Daemonset/c, apps/DaemonSet/d, DaemonSet/] }'),
      [
        '4:24 exemptions[0].match.workloads[0]: must be Kind/name of the top-level owner, like "DaemonSet/calico-node", not "calico-node"',
        '4:37 exemptions[0].match.workloads[1]: must be Kind/name of the top-level owner, like "DaemonSet/calico-node", not "daemonset/a"; did you mean "DaemonSet/a"?',
        '4:50 exemptions[0].match.workloads[2]: can never match, because there is no such kind; did you mean "DaemonSet/b"?',
        '4:64 exemptions[0].match.workloads[3]: can never match, because there is no such kind; did you mean "DaemonSet/c"?',
        '4:77 exemptions[0].match.workloads[4]: must be Kind/name of the top-level owner, like "DaemonSet/calico-node", not "apps/DaemonSet/d"',
        '4:95 exemptions[0].match.workloads[5]: must be Kind/name of the top-level owner, like "DaemonSet/calico-node", not "DaemonSet/"',
      ],
    ],
    [
      'images that can never be',
      matching('{ images: [nginx, "https://quay.io/a/*", "quay.io/a/*", ""] }'),
      [
        '4:21 exemptions[0].match.images[0]: can never match: images are compared by their full name; write "docker.io/library/nginx"',
        '4:28 exemptions[0].match.images[1]: must not begin with https://; an image has no scheme',
        '4:66 exemptions[0].match.images[3]: must be text of at least 1 character, not ""',
      ],
    ],
    [
      'a day without its dashes',
      exemptionWith('match: { users: [a] }\n  rules: ["*"]\n  expires: 20270331'),
      ['6:3 exemptions[0].expires: must be a date, like 2027-03-31, not 20270331'],
    ],
    [
      'a day that there is not',
      exemptionWith('match: { users: [a] }\n  rules: ["*"]\n  expires: 2027-02-30'),
      ['6:3 exemptions[0].expires: must be a date, like 2027-03-31, not "2027-02-30"'],
    ],
  ])('%s', async (_, text, problems) => {
    expect(await problemsOf(text)).toEqual(problems);
  });

  it.each(['2027-02-29', '2027-13-01', '2027-00-10', '2027-04-31', '2027-3-31', '31.03.2027', '2027-03-31T12:00:00Z'])(
    'do not expire on %s',
    async (expires) => {
      expect(await problemsOf(exemptionWith(`match: { users: [a] }\n  rules: ["*"]\n  expires: "${expires}"`))).toEqual(
        [`6:3 exemptions[0].expires: must be a date, like 2027-03-31, not "${expires}"`],
      );
    },
  );
});

describe('selfService', () => {
  it.each<[string, string, string[]]>([
    [
      'rules that there are not',
      'selfService: { rules: [no-host-pth, tea, "*", 3] }',
      [
        '3:24 selfService.rules[0]: there is no such rule; did you mean "no-host-path"?',
        '3:37 selfService.rules[1]: there is no such rule; podwright rules lists all of them',
        '3:42 selfService.rules[2]: name the rules one by one, without *',
        '3:47 selfService.rules[3]: must be the id of a rule, not 3',
      ],
    ],
    ['no rules', 'selfService: {}', ['3:1 selfService.rules: is missing; name the rules one by one']],
  ])('%s', async (_, text, problems) => {
    expect(await problemsOf(text)).toEqual(problems);
  });
});

describe('images', () => {
  it.each<[string, string, string[]]>([
    ['no list', 'images: { nginx: root }', ['3:1 images: must be a list, not a mapping']],
    [
      'an entry that states nothing',
      'images:\n- image: quay.io/acme/web\n- user: 0',
      [
        '4:3 images[0]: states nothing; add at least one of user, setuid, capabilities, shell, sleep',
        '5:3 images[1].image: is missing; it must be text that is not blank',
      ],
    ],
    [
      'images that never match, and unknown keys',
      'images:\n- { image: nginx, user: 0 }\n- { image: quay.io/acme/web, users: 0, shel: true }',
      [
        '4:5 images[0].image: can never match: images are compared by their full name; write "docker.io/library/nginx"',
        '5:30 images[1].users: unknown key; did you mean "user"?',
        '5:40 images[1].shel: unknown key; did you mean "shell"?',
      ],
    ],
    [
      'facts of the wrong form',
      'images:\n- { image: quay.io/acme/web, user: "1000:1000", setuid: sudo, capabilities: [CAP_CHOWN, net_raw], shell: bash }\n- { image: quay.io/a/b, user: -1 }\n- { image: quay.io/a/b, user: "" }\n- { image: quay.io/a/b, user: [0] }',
      [
        '4:30 images[0].user: must be a number up to 2147483647 or a name, like 65532 or nobody, not "1000:1000"; did you mean "1000"?',
        '4:49 images[0].setuid: must be a list, like ["sudo"], not "sudo"',
        '4:78 images[0].capabilities[0]: must be a capability in capitals and without CAP_, like NET_BIND_SERVICE, not "CAP_CHOWN"; did you mean "CHOWN"?',
        '4:89 images[0].capabilities[1]: must be a capability in capitals and without CAP_, like NET_BIND_SERVICE, not "net_raw"; did you mean "NET_RAW"?',
        '4:99 images[0].shell: must be true or false, not "bash"',
        '5:25 images[1].user: must be a number up to 2147483647 or a name, like 65532 or nobody, not -1',
        '6:25 images[2].user: must be a number up to 2147483647 or a name, like 65532 or nobody, not ""',
        '7:25 images[3].user: must be a number up to 2147483647 or a name, like 65532 or nobody, not a list',
      ],
    ],
  ])('%s', async (_, text, expected) => {
    expect(await problemsOf(text)).toEqual(expected);
  });
});

describe('podTemplates', () => {
  const entry = (overrides: object): string =>
    `podTemplates:\n- ${JSON.stringify({ group: 'example.com', versions: ['v1'], resource: 'workers', kind: 'Worker', path: 'spec.template', ...overrides })}`;
  const known = 'keeps its templates, and it is not there; remove the entry';

  it.each<[string, string, string[]]>([
    [
      'nothing said',
      'podTemplates:\n- {}',
      [
        '4:3 podTemplates[0].group: is missing; it must be the API group without version, like argoproj.io',
        '4:3 podTemplates[0].versions: is missing; it must be a list',
        '4:3 podTemplates[0].resource: is missing; it must be the plural in lowercase, like rollouts',
        '4:3 podTemplates[0].kind: is missing; it must be the kind as manifests write it, like Rollout',
        '4:3 podTemplates[0].path: is missing; it must be the path to the template with dots, and [] after a list or map, like spec.groups[].template',
      ],
    ],
    [
      'an API version instead of group and version',
      entry({ group: 'example.com/v1', versions: ['example.com/v1', 'V1'] }),
      [
        '4:4 podTemplates[0].group: must be the API group without version, like argoproj.io, not "example.com/v1"; did you mean "example.com"?',
        '4:41 podTemplates[0].versions[0]: must be a version without its group, like v1alpha1, not "example.com/v1"; did you mean "v1"?',
        '4:58 podTemplates[0].versions[1]: must be a version without its group, like v1alpha1, not "V1"',
      ],
    ],
    ['no version', entry({ versions: [] }), ['4:26 podTemplates[0].versions: is empty; name at least one']],
    [
      'kind and resource mixed up',
      entry({ kind: 'workers', resource: 'Worker' }),
      [
        '4:44 podTemplates[0].resource: must be the plural in lowercase, like rollouts, not "Worker"',
        '4:64 podTemplates[0].kind: must be the kind as manifests write it, like Rollout, not "workers"',
      ],
    ],
    [
      'a kind of the core group',
      entry({ group: '' }),
      ['4:4 podTemplates[0].group: must be the API group without version, like argoproj.io, not ""'],
    ],
    ...[
      ['.spec.template', '; did you mean "spec.template"?'],
      ['$.spec.template', '; did you mean "spec.template"?'],
      ['/spec/template', '; did you mean "spec.template"?'],
      ['spec.jobs[0].template', '; did you mean "spec.jobs[].template"?'],
      ['spec.jobs[*].template', '; did you mean "spec.jobs[].template"?'],
      ['spec.jobs.*.template', '; did you mean "spec.jobs[].template"?'],
      ['spec.[].template', ''],
      ['spec.jobs.0.template', ''],
      ['spec..template', ''],
      ['', ''],
    ].map(([path, advice]): [string, string, string[]] => [
      `the path ${path}`,
      entry({ path }),
      [
        `4:81 podTemplates[0].path: must be the path to the template with dots, and [] after a list or map, like spec.groups[].template, not "${path}"${advice}`,
      ],
    ]),
    [
      'a path into the template',
      entry({ path: 'spec.workerTemplate.spec' }),
      [
        '4:81 podTemplates[0].path: must end at the template, which holds the metadata and the spec of the Pod; did you mean "spec.workerTemplate"?',
      ],
    ],
    [
      'a known kind with another path',
      entry({ group: 'batch', kind: 'CronJob', resource: 'cronjobs' }),
      [`4:77 podTemplates[0].path: podwright knows where CronJob of batch ${known}`],
    ],
    [
      'a known kind with one of its many paths',
      entry({
        group: 'leaderworkerset.x-k8s.io',
        kind: 'LeaderWorkerSet',
        path: 'spec.leaderWorkerTemplate.leaderTemplate',
      }),
      [`4:103 podTemplates[0].path: podwright knows where LeaderWorkerSet of leaderworkerset.x-k8s.io ${known}`],
    ],
    [
      'a known kind with a path that is none',
      entry({ group: 'argoproj.io', kind: 'Rollout', resource: 'rollouts', path: 'spec.templates[0]' }),
      [
        '4:83 podTemplates[0].path: must be the path to the template with dots, and [] after a list or map, like spec.groups[].template, not "spec.templates[0]"; did you mean "spec.templates[]"?',
      ],
    ],
    [
      'a template twice',
      `${entry({})}\n- ${JSON.stringify({ group: 'example.com', versions: ['v2'], resource: 'workers', kind: 'Worker', path: 'spec.template' })}`,
      [
        '5:81 podTemplates[1].path: spec.template of Worker of example.com is podTemplates[0] already; one entry covers all versions of a kind',
      ],
    ],
    [
      'several templates of a kind, in lists and maps',
      `${entry({})}\n- ${JSON.stringify({ group: 'example.com', versions: ['v1'], resource: 'workers', kind: 'Worker', path: 'spec.pools[].pods[]' })}`,
      [],
    ],
    ['a kind of an operator with another path', entry({ group: 'tekton.dev', kind: 'Task', resource: 'tasks' }), []],
  ])('%s', async (_, text, problems) => {
    expect(await problemsOf(text)).toEqual(problems);
  });
});

describe('operators', () => {
  const instead =
    'name the accounts of the operators that you run, like system:serviceaccount:argo-rollouts:argo-rollouts';
  const everywhere =
    'would match an account of this name in every namespace, which tenants can create; name its namespace';

  it.each([
    [
      '"*"',
      'must be the user name of an operator, like system:serviceaccount:argo-rollouts:argo-rollouts, not "*"; it would match every user',
    ],
    ['"**"', `would match every service account; ${instead}`],
    ['"system:*"', `would match every service account; ${instead}`],
    ['"system:serviceaccount:*"', `would match every service account; ${instead}`],
    ['"system:serviceaccount:*:*"', `would match every service account; ${instead}`],
    ['"s*:*:*"', `would match every service account; ${instead}`],
    ['"*@*"', `would match every user; ${instead}`],
    ['"system:serviceaccount:*:prometheus-operator"', everywhere],
    ['"system:serviceaccount:*-operator"', everywhere],
    [
      'argo-rollouts/argo-rollouts',
      'is not a user name; did you mean "system:serviceaccount:argo-rollouts:argo-rollouts"?',
    ],
    ['"kafka:strimzi-*"', 'is not a user name; did you mean "system:serviceaccount:kafka:strimzi-*"?'],
    ['" "', 'must be the user name of an operator, like system:serviceaccount:argo-rollouts:argo-rollouts, not " "'],
  ])('%s is refused', async (written, message) => {
    expect(await problemsOf(`operators: [${written}]`)).toEqual([`3:13 operators[0]: ${message}`]);
  });

  it.each([
    ['Prometheus', '.Prometheus'],
    ['prometheuses.monitoring.coreos.com', '["prometheuses.monitoring.coreos.com"]'],
    ['Prometheus.monitoring.coreos.com/v1', '["Prometheus.monitoring.coreos.com/v1"]'],
  ])('manage no kind that is written as %s', async (kind, key) => {
    const expected = 'a kind with its API group, like Prometheus.monitoring.coreos.com';
    expect(await problemsOf(`operatorKinds: { ${kind}: "system:serviceaccount:platform:robot" }`)).toEqual([
      `3:18 operatorKinds${key}: must be ${expected}, not "${kind}"`,
    ]);
  });
});
