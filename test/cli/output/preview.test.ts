import { describe, expect, test } from 'vitest';
import { plain } from '../../../src/cli/output/paint.ts';
import { previewJson } from '../../../src/cli/output/preview-json.ts';
import { previewText } from '../../../src/cli/output/preview-text.ts';
import { previewHtml } from '../../../src/cli/page/preview-page.ts';
import { repository } from '../../../src/engine/links.ts';
import { onlyRules } from '../../support/policies.ts';
import { exemption, previewed, running } from '../../support/previewed.ts';

const policy = onlyRules(['no-host-network', 'no-privilege-escalation', 'pin-image-tag'], {
  exemptions: [
    exemption('gone', ['*'], { workloads: ['DaemonSet/gone'] }),
    exemption('old', ['pin-image-tag'], { workloads: ['Deployment/old'] }),
  ],
});
const env = [{ name: 'TOKEN', value: 'hunter2' }];
const container = { name: 'app', image: 'example.com/app:1', env };
const good = { ...container, securityContext: { allowPrivilegeEscalation: false } };
const objects = [
  ...running('Deployment', 'pay/api', { containers: [container] }),
  ...running('Deployment', 'pay/old', { containers: [{ ...good, image: 'example.com/old' }] }),
  ...running('Deployment', 'shop/web', { containers: [good], hostNetwork: true }),
  ...running('Deployment', 'shop/injected', { containers: [good] }, { containers: [good], hostNetwork: true }),
  ...running('DaemonSet', 'calico-system/calico-node', { containers: [good], hostNetwork: true }),
];
const lifted = {
  diff: false,
  ceiling: 'enforce' as const,
  written: { mode: 'audit' as const, namespaces: [] },
  policy: 'ConfigMap podwright/policy',
  cluster: 'prod',
  at: new Date('2026-11-28T18:45:30Z'),
  missing: [],
};
const withDiff = { ...lifted, diff: true, missing: ['<limitranges> could not be read'] };

describe('text', () => {
  test('has all namespaces in a table, the obstacles and the suggested policy', () => {
    expect(previewText(previewed(objects, policy), lifted, plain)).toMatchInlineSnapshot(`
      "NAMESPACE      WORKLOADS  DENIED  STOP  FIXED  RISKY  WARNED  EXEMPT
      pay                    2       -     -      1      1       -       1  ready
      calico-system          1       1     1      -      -       -       -
      shop                   2       1     2      -      -       -       -
                             5       2     3      1      1       -       1  3 namespaces

      DENIED: would be denied if applied again unchanged
      STOP: their Pods would be denied at the next restart
      FIXED: their Pods would be repaired on creation
      RISKY: of those, by fixes that can change behavior, as far as images are known
      EXEMPT: an exemption covers some findings

      calico-system: 1 of 1 workload would be denied or stop
        RULE             DENIED  STOP
        no-host-network       1     1
        DaemonSet calico-system/calico-node: no-host-network

      shop: 2 of 2 workloads would be denied or stop
        RULE             DENIED  STOP
        no-host-network       1     2  1 in running Pods only
        Deployment shop/injected: no-host-network (running Pods only)
        Deployment shop/web: no-host-network

      1 namespace is ready. What would happen there, in workloads:
        fixed: no-privilege-escalation (1)
        of those, can change behavior: no-privilege-escalation (1)
        exempt: pin-image-tag (1)

      These known add-ons have no exemption. Check these exemptions, and add the right ones:

      exemptions:
      # DaemonSet calico-system/calico-node: no-host-network
      - name: calico
        rules:
        - drop-all-capabilities
        - limit-capabilities
        - no-host-network
        - no-host-path
        - no-privilege-escalation
        - no-privileged-containers
        - no-probe-host
        - no-root-user
        - require-cpu-request
        - require-memory-limit
        - require-memory-request
        - run-as-non-root
        match:
          namespaces: [calico-apiserver, calico-system, kube-system, tigera-operator]
          workloads:
          - DaemonSet/calico-node
          - DaemonSet/csi-node-driver
          - Deployment/calico-apiserver
          - Deployment/calico-kube-controllers
          - Deployment/calico-typha
          - Deployment/tigera-operator
          - Job/tigera-operator-uninstall
        reason: programs the node's routes and firewall; Pods have no network before it runs
        owner: team-platform

      Exemptions that cover nothing here: gone

      To enforce in the namespaces that are ready, and not yet in the others (with Helm, namespaces goes
      under policy: in the values):

      mode: audit
      namespaces:
      - match:
          names: [pay]
        mode: enforce"
    `);
  });

  test('compares: what changes in brackets, and rule by rule', () => {
    const preview = previewed(objects, policy, { ...policy, mode: 'warn', exemptions: [] });
    expect(previewText(preview, { ...lifted, ceiling: undefined }, plain)).toMatchInlineSnapshot(`
      "NAMESPACE      WORKLOADS  DENIED    STOP  FIXED  RISKY  WARNED  EXEMPT
      pay                    2       -       -      1      1  0 (-1)  1 (+1)  ready
      calico-system          1  1 (+1)  1 (+1)      -      -  0 (-1)       -
      shop                   2  1 (+1)  2 (+2)      -      -  0 (-2)       -
                             5  2 (+2)  3 (+3)      1      1  0 (-4)  1 (+1)  3 namespaces

      DENIED: would be denied if applied again unchanged
      STOP: their Pods would be denied at the next restart
      FIXED: their Pods would be repaired on creation
      RISKY: of those, by fixes that can change behavior, as far as images are known
      WARNED: applying them would print warnings
      EXEMPT: an exemption covers some findings

      calico-system: 1 of 1 workload would be denied or stop
        RULE             DENIED  STOP
        no-host-network       1     1
        DaemonSet calico-system/calico-node: no-host-network

      shop: 2 of 2 workloads would be denied or stop
        RULE             DENIED  STOP
        no-host-network       1     2  1 in running Pods only
        Deployment shop/injected: no-host-network (running Pods only)
        Deployment shop/web: no-host-network

      1 namespace is ready. What would happen there, in workloads:
        fixed: no-privilege-escalation (1)
        of those, can change behavior: no-privilege-escalation (1)
        exempt: pin-image-tag (1)

      What changes:
        no-host-network: warned → denied, 2 workloads
          DaemonSet calico-system/calico-node, Deployment shop/web
        no-host-network: warned → stops, 1 workload
          Deployment shop/injected
        pin-image-tag: warned → exempt, 1 workload
          Deployment pay/old

      These known add-ons have no exemption. Check these exemptions, and add the right ones:

      exemptions:
      # DaemonSet calico-system/calico-node: no-host-network
      - name: calico
        rules:
        - drop-all-capabilities
        - limit-capabilities
        - no-host-network
        - no-host-path
        - no-privilege-escalation
        - no-privileged-containers
        - no-probe-host
        - no-root-user
        - require-cpu-request
        - require-memory-limit
        - require-memory-request
        - run-as-non-root
        match:
          namespaces: [calico-apiserver, calico-system, kube-system, tigera-operator]
          workloads:
          - DaemonSet/calico-node
          - DaemonSet/csi-node-driver
          - Deployment/calico-apiserver
          - Deployment/calico-kube-controllers
          - Deployment/calico-typha
          - Deployment/tigera-operator
          - Job/tigera-operator-uninstall
        reason: programs the node's routes and firewall; Pods have no network before it runs
        owner: team-platform

      Exemptions that cover nothing here: gone"
    `);
  });

  test('shows what fixes would change, and no value of an environment variable', () => {
    const text = previewText(previewed(objects.slice(0, 3), policy), withDiff, plain);
    expect(text.slice(text.indexOf('---'))).toMatchInlineSnapshot(`
      "--- Deployment pay/api
      +++ Deployment pay/api, repaired
      @@ -1,3 +1,6 @@
      +metadata:
      +  annotations:
      +    podwright.dev/fixed: no-privilege-escalation
       spec:
         containers:
         - name: app
      @@ -5,3 +8,5 @@
           env:
           - name: TOKEN
             value: "***"
      +    securityContext:
      +      allowPrivilegeEscalation: false

      Exemptions that cover nothing here: gone, old

      To enforce in the namespaces that are ready, and not yet in the others (with Helm, namespaces goes
      under policy: in the values):

      mode: audit
      namespaces:
      - match:
          names: [pay]
        mode: enforce"
    `);
  });

  test('names 20 workloads of a namespace and counts the rest', () => {
    const many = Array.from({ length: 22 }, (_, index) =>
      running('Deployment', `shop/web-${index + 10}`, { containers: [good], hostNetwork: true }),
    ).flat();
    const lines = previewText(previewed(many, policy), lifted, plain).split('\n');
    expect(lines.filter((line) => /^ {2}(Deployment|and)/.test(line)).slice(-2)).toEqual([
      '  Deployment shop/web-29: no-host-network',
      '  and 2 more; -o json lists them all',
    ]);
  });

  test('describes the 20 unready namespaces with the most obstacles, and counts the rest', () => {
    const many = Array.from({ length: 23 }, (_, index) =>
      ['a', ...(index < 20 ? ['b'] : [])].flatMap((name) =>
        running('Deployment', `shop-${index + 10}/${name}`, { containers: [good], hostNetwork: true }),
      ),
    ).flat();
    const text = previewText(previewed(many, policy), lifted, plain);
    const told = [...text.matchAll(/^(?:(shop-\d+): \d of|and .*)/gm)].map(([line, name]) => name ?? line);
    expect([told.length, told[0], told[19], told[20]]).toEqual([
      21,
      'shop-10',
      'shop-29',
      'and 3 namespaces more that are not ready, with fewer affected workloads; -n NAME or -o html shows them',
    ]);
    const page = previewHtml(previewed(many, policy), lifted);
    expect(page.match(/<details class="group"/g)).toHaveLength(23);
  });

  test('of a policy that only audits calls nothing ready', () => {
    const text = previewText(
      previewed(objects, { ...policy, mode: 'audit' }),
      { ...lifted, ceiling: undefined },
      plain,
    );
    expect(text).toMatchInlineSnapshot(`
      "NAMESPACE      WORKLOADS  DENIED  STOP  FIXED  RISKY  WARNED  EXEMPT
      calico-system          1       -     -      -      -       -       -  audit
      pay                    2       -     -      -      -       -       -  audit
      shop                   2       -     -      -      -       -       -  audit
                             5       -     -      -      -       -       -  3 namespaces

      As written, nothing is denied in 3 namespaces (audit); --mode enforce shows what would be.

      Exemptions that cover nothing here: gone"
    `);
  });

  test('says what would happen where the policy warns', () => {
    const text = previewText(previewed(objects, { ...policy, mode: 'warn' }), { ...lifted, ceiling: 'warn' }, plain);
    expect(text.slice(text.indexOf('With --mode'))).toMatchInlineSnapshot(`
      "With --mode warn, nothing is denied in 3 namespaces (warn); --mode enforce shows what would be.
      What would happen there, in workloads:
        fixed: no-privilege-escalation (1)
        of those, can change behavior: no-privilege-escalation (1)
        warned: no-host-network (3)
        exempt: pin-image-tag (1)

      These known add-ons have no exemption. Check these exemptions, and add the right ones:

      exemptions:
      # DaemonSet calico-system/calico-node: no-host-network
      - name: calico
        rules:
        - drop-all-capabilities
        - limit-capabilities
        - no-host-network
        - no-host-path
        - no-privilege-escalation
        - no-privileged-containers
        - no-probe-host
        - no-root-user
        - require-cpu-request
        - require-memory-limit
        - require-memory-request
        - run-as-non-root
        match:
          namespaces: [calico-apiserver, calico-system, kube-system, tigera-operator]
          workloads:
          - DaemonSet/calico-node
          - DaemonSet/csi-node-driver
          - Deployment/calico-apiserver
          - Deployment/calico-kube-controllers
          - Deployment/calico-typha
          - Deployment/tigera-operator
          - Job/tigera-operator-uninstall
        reason: programs the node's routes and firewall; Pods have no network before it runs
        owner: team-platform

      Exemptions that cover nothing here: gone"
    `);
  });

  test('marks namespaces that are turned off, and suggests nothing for them', () => {
    const namespaces = [{ match: { names: ['pay'] }, mode: 'off' as const, rules: {} }];
    const text = previewText(previewed(objects.slice(0, 9), { ...policy, namespaces }), lifted, plain);
    expect(text).toMatchInlineSnapshot(`
      "NAMESPACE  WORKLOADS  DENIED  STOP  FIXED  RISKY  WARNED  EXEMPT
      shop               1       1     1      -      -       -       -
      pay                2       -     -      -      -       -       -  off
                         3       1     1      -      -       -       -  2 namespaces

      DENIED: would be denied if applied again unchanged
      STOP: their Pods would be denied at the next restart

      shop: 1 of 1 workload would be denied or stop
        RULE             DENIED  STOP
        no-host-network       1     1
        Deployment shop/web: no-host-network

      No namespace is ready.

      Turned off by an entry of the policy, and left off in the preview: 1 namespace.

      Exemptions that cover nothing here: gone, old"
    `);
  });

  test('says where fixes are off', () => {
    const namespaces = [{ match: {}, fixes: false, rules: {} }];
    const text = previewText(previewed(objects.slice(0, 9), { ...policy, namespaces }), lifted, plain);
    expect(text.match(/^.* would be denied or stop.*$/gm)).toEqual([
      'pay: 1 of 2 workloads would be denied or stop (fixes are off here)',
      'shop: 1 of 1 workload would be denied or stop',
    ]);
    expect(previewHtml(previewed(objects.slice(0, 3), { ...policy, namespaces }), lifted)).toContain(
      '<span class="faint">(fixes are off here)</span>',
    );
  });

  test('adds to the entries that the policy has', () => {
    const entry = { match: { names: ['other'] }, mode: 'enforce' as const, rules: {} };
    const style = { ...lifted, written: { mode: 'audit' as const, namespaces: [entry] } };
    const written = { ...policy, mode: 'audit' as const, namespaces: [entry] };
    const text = previewText(previewed(objects, policy, undefined, written), style, plain);
    expect(text.slice(text.indexOf('To enforce'))).toMatchInlineSnapshot(`
      "To enforce in the namespaces that are ready, add to the policy's namespaces (with Helm, under
      policy: in the values):

      namespaces:
      # after the existing entries
      - match:
          names: [pay]
        mode: enforce"
    `);
    const known = { ...written, namespaces: [{ ...entry, match: { names: ['pay'] } }] };
    expect(previewText(previewed(objects, policy, undefined, known), style, plain)).not.toContain('To enforce');
  });

  test('of an empty cluster is one line', () => {
    expect(previewText(previewed([], policy), lifted, plain)).toBe(
      'no Pods and no objects that create Pods were found',
    );
  });

  test('does not obey names', () => {
    const hostile = running('Deployment', 'shop/\u001B[2Jweb', { containers: [good], hostNetwork: true });
    expect(previewText(previewed(hostile, policy), withDiff, plain)).not.toContain('\u001B');
  });
});

describe('exemptions that end', () => {
  const [ended, soon] = [Date.UTC(2025, 11, 2), Date.UTC(2026, 0, 24)];
  const exemptions = [
    { ...exemption('web', ['*'], { workloads: ['*/web'] }), expires: '2026-01-23', expiresAt: soon },
    { ...exemption('old', ['*'], { workloads: ['*/old', '*/gone'] }), expires: '2025-12-01', expiresAt: ended },
  ];
  const preview = previewed(objects.slice(0, 9), { ...policy, exemptions });
  const from = (text: string, first: string, last: string): string =>
    text.slice(text.indexOf(first), text.indexOf(last));

  test('limit how long a namespace is marked as ready', () => {
    const [first] = previewText(previewed(objects.slice(6, 9), { ...policy, exemptions }), lifted, plain)
      .split('\n')
      .slice(1);
    expect(first).toBe('shop               1       -     -      -      -       -       1  ready until 2026-01-23');
  });

  test('are told in text', () => {
    expect(from(previewText(preview, lifted, plain), 'These', 'To enforce')).toMatchInlineSnapshot(`
      "These exemptions end within 30 days. What would happen then:
        web (2026-01-23, team-test) covers 1 workload
          Deployment shop/web: denied by no-host-network

      These exemptions have expired. What they no longer cover:
        old (2025-12-01, team-test) covered 1 workload
          Deployment pay/old: denied by pin-image-tag

      "
    `);
  });

  test('on the page', () => {
    expect(from(previewHtml(preview, lifted), '<h2>These', '<section><h2>Suggested policy')).toMatchInlineSnapshot(`
      "<h2>These exemptions end within 30 days. What would happen then:</h2>
      <pre tabindex="0">  web (2026-01-23, team-test) covers 1 workload
          Deployment shop/web: denied by no-host-network</pre></section>
      <section><h2>These exemptions have expired. What they no longer cover:</h2>
      <pre tabindex="0">  old (2025-12-01, team-test) covered 1 workload
          Deployment pay/old: denied by pin-image-tag</pre></section>
      "
    `);
  });

  test('in JSON', () => {
    const { endingExemptions, expiredExemptions, unusedExemptions } = JSON.parse(previewJson(preview, lifted));
    expect({ endingExemptions, expiredExemptions, unusedExemptions }).toMatchInlineSnapshot(`
      {
        "endingExemptions": [
          {
            "expires": "2026-01-23",
            "name": "web",
            "owner": "team-test",
            "workloads": [
              {
                "apiVersion": "apps/v1",
                "kind": "Deployment",
                "name": "web",
                "namespace": "shop",
                "podPath": "/spec/template",
                "rules": [
                  {
                    "outcomes": [
                      "denied",
                      "stops",
                    ],
                    "rule": "no-host-network",
                  },
                ],
              },
            ],
          },
        ],
        "expiredExemptions": [
          {
            "expires": "2025-12-01",
            "name": "old",
            "owner": "team-test",
            "workloads": [
              {
                "apiVersion": "apps/v1",
                "kind": "Deployment",
                "name": "old",
                "namespace": "pay",
                "podPath": "/spec/template",
                "rules": [
                  {
                    "outcomes": [
                      "denied",
                      "stops",
                    ],
                    "rule": "pin-image-tag",
                  },
                ],
              },
            ],
          },
        ],
        "unusedExemptions": [],
      }
    `);
  });
});

test('JSON has namespaces, workloads and what to paste', () => {
  const preview = previewed(objects.slice(0, 6), policy, { ...policy, mode: 'audit' });
  expect(previewJson(preview, withDiff)).toMatchInlineSnapshot(`
    "{
      "version": 1,
      "policy": "ConfigMap podwright/policy",
      "missing": [
        "<limitranges> could not be read"
      ],
      "summary": {
        "workloadCount": 2,
        "denied": 0,
        "stops": 0,
        "fixed": 1,
        "warned": 0,
        "exempt": 1,
        "changesBehavior": 1,
        "requestsOnly": 0
      },
      "before": {
        "workloadCount": 2,
        "denied": 0,
        "stops": 0,
        "fixed": 0,
        "warned": 0,
        "exempt": 0,
        "changesBehavior": 0,
        "requestsOnly": 0
      },
      "namespaces": [
        {
          "namespace": "pay",
          "mode": "enforce",
          "fixes": true,
          "ready": true,
          "readyUntil": null,
          "workloadCount": 2,
          "denied": 0,
          "stops": 0,
          "fixed": 1,
          "warned": 0,
          "exempt": 1,
          "changesBehavior": 1,
          "requestsOnly": 0,
          "before": {
            "workloadCount": 2,
            "denied": 0,
            "stops": 0,
            "fixed": 0,
            "warned": 0,
            "exempt": 0,
            "changesBehavior": 0,
            "requestsOnly": 0
          },
          "rules": [
            {
              "rule": "no-privilege-escalation",
              "severity": "high",
              "denied": 0,
              "stops": 0,
              "fixed": 1,
              "warned": 0,
              "exempt": 0,
              "runningOnly": 0,
              "changesBehavior": 1
            },
            {
              "rule": "pin-image-tag",
              "severity": "medium",
              "denied": 0,
              "stops": 0,
              "fixed": 0,
              "warned": 0,
              "exempt": 1,
              "runningOnly": 0,
              "changesBehavior": 0
            }
          ]
        }
      ],
      "workloads": [
        {
          "apiVersion": "apps/v1",
          "kind": "Deployment",
          "namespace": "pay",
          "name": "api",
          "podPath": "/spec/template",
          "children": [],
          "pods": 1,
          "denied": false,
          "stops": false,
          "fixed": true,
          "changesBehavior": true,
          "warned": false,
          "exempt": false,
          "findings": [
            {
              "rule": "no-privilege-escalation",
              "mode": "enforce",
              "severity": "high",
              "category": "security",
              "path": "/spec/template/spec/containers/0/securityContext/allowPrivilegeEscalation",
              "container": "app",
              "message": "may gain privileges; set securityContext.allowPrivilegeEscalation: false",
              "outcomes": [
                "fixed"
              ],
              "changesBehavior": true,
              "inTemplate": true,
              "pods": 1,
              "exempt": null
            }
          ],
          "changes": [
            {
              "rule": "no-privilege-escalation",
              "before": [],
              "after": [
                "fixed"
              ]
            }
          ],
          "patch": [
            {
              "op": "add",
              "path": "/spec/containers/0/securityContext",
              "value": {
                "allowPrivilegeEscalation": false
              }
            },
            {
              "op": "add",
              "path": "/metadata",
              "value": {
                "annotations": {
                  "podwright.dev/fixed": "no-privilege-escalation"
                }
              }
            }
          ],
          "diff": "--- Deployment pay/api\\n+++ Deployment pay/api, repaired\\n@@ -1,3 +1,6 @@\\n+metadata:\\n+  annotations:\\n+    podwright.dev/fixed: no-privilege-escalation\\n spec:\\n   containers:\\n   - name: app\\n@@ -5,3 +8,5 @@\\n     env:\\n     - name: TOKEN\\n       value: \\"***\\"\\n+    securityContext:\\n+      allowPrivilegeEscalation: false"
        },
        {
          "apiVersion": "apps/v1",
          "kind": "Deployment",
          "namespace": "pay",
          "name": "old",
          "podPath": "/spec/template",
          "children": [],
          "pods": 1,
          "denied": false,
          "stops": false,
          "fixed": false,
          "changesBehavior": false,
          "warned": false,
          "exempt": true,
          "findings": [
            {
              "rule": "pin-image-tag",
              "mode": "enforce",
              "severity": "medium",
              "category": "reliability",
              "path": "/spec/template/spec/containers/0/image",
              "container": "app",
              "message": "image \\"example.com/old\\" has no tag, which means latest; pin a version or digest",
              "outcomes": [
                "exempt"
              ],
              "changesBehavior": false,
              "inTemplate": true,
              "pods": 1,
              "exempt": "old"
            }
          ],
          "changes": [
            {
              "rule": "pin-image-tag",
              "before": [],
              "after": [
                "exempt"
              ]
            }
          ],
          "patch": [],
          "diff": ""
        }
      ],
      "unlistedOperators": [],
      "openExemptions": [],
      "suggestedExemptions": [],
      "endingExemptions": [],
      "expiredExemptions": [],
      "unusedExemptions": [
        "gone"
      ],
      "enforceReady": "mode: audit\\nnamespaces:\\n- match:\\n    names: [pay]\\n  mode: enforce\\n"
    }"
  `);
});

describe('HTML', () => {
  const bodyOf = (page: string): string => page.slice(page.indexOf('<body>'), page.indexOf('<script>'));

  test('is one page', () => {
    expect(bodyOf(previewHtml(previewed(objects, policy), withDiff))).toMatchInlineSnapshot(`
      "<body>
      <header>
      <h1>What Podwright would do to prod</h1>
      <dl class="facts"><div><dt>cluster</dt><dd>prod</dd></div><div><dt>evaluated</dt><dd>2026-11-28 18:45 UTC</dd></div><div><dt>policy</dt><dd>ConfigMap podwright/policy</dd></div><div><dt>mode</dt><dd>enforce</dd></div><div><dt>Podwright</dt><dd>0.1.0</dd></div></dl>
      <p>5 workloads in 3 namespaces, of which 1 ready: no workload there would be denied or stop.</p>
      <p class="bad">&lt;limitranges&gt; could not be read</p>
      </header>
      <main>
      <ul class="tiles">
      <li><span class="tile"><strong class="good">1</strong> <span class="of">of 3</span> <span class="label">namespaces are ready</span></span></li>
      <li><a class="tile" href="#outcome=denied"><strong class="bad">2</strong> <span class="of">of 5</span> <span class="label">workloads would be denied</span></a></li>
      <li><a class="tile" href="#outcome=stops"><strong class="stop">3</strong> <span class="of">of 5</span> <span class="label">would stop at their next restart</span></a></li>
      <li><a class="tile" href="#outcome=fixed"><strong class="fixed">1</strong> <span class="of">of 5</span> <span class="label">would be repaired</span></a></li>
      </ul>
      <section>
      <h2>Namespaces</h2>
      <dl class="legend"><div><dt><span class="swatch fill-bad"></span>denied</dt><dd>would be denied if applied again unchanged</dd></div><div><dt><span class="swatch fill-stop"></span>stop</dt><dd>their Pods would be denied at the next restart</dd></div><div><dt><span class="swatch fill-fixed"></span>fixed</dt><dd>their Pods would be repaired on creation</dd></div><div><dt><span class="swatch fill-exempt"></span>exempt</dt><dd>an exemption covers some findings</dd></div></dl>
      <div class="scroll" tabindex="0" role="region" aria-label="namespaces">
      <table class="sortable">
      <thead><tr><th class="text" scope="col" aria-sort="none"><button type="button">namespace</button></th><th scope="col" aria-sort="none"><button type="button">workloads</button></th><th class="bar" scope="col">by outcome</th><th class="wide" scope="col" aria-sort="none"><button type="button">denied</button></th><th class="wide" scope="col" aria-sort="none"><button type="button">stop</button></th><th class="wide" scope="col" aria-sort="none"><button type="button">fixed</button></th><th class="wide" scope="col" aria-sort="none"><button type="button">exempt</button></th><th class="text" scope="col"><span class="unseen">ready</span></th></tr></thead>
      <tbody>
      <tr><th class="text" scope="row"><a href="#namespace=pay">pay</a></th><td data-value="2">2</td><td class="bar"><span class="stack" role="img" aria-label="1 fixed, 1 exempt"><span class="fill-fixed" style="width:50.00%" title="1 fixed"></span><span class="fill-exempt" style="width:50.00%" title="1 exempt"></span></span></td><td class="wide" data-value="0"><span class="faint">–</span></td><td class="wide" data-value="0"><span class="faint">–</span></td><td class="wide" data-value="1">1</td><td class="wide" data-value="1">1</td><td class="text good">ready</td></tr>
      <tr><th class="text" scope="row"><a href="#namespace=calico-system">calico-system</a></th><td data-value="1">1</td><td class="bar"><span class="stack" role="img" aria-label="1 denied"><span class="fill-bad" style="width:50.00%" title="1 denied"></span></span></td><td class="wide" data-value="1">1</td><td class="wide" data-value="1">1</td><td class="wide" data-value="0"><span class="faint">–</span></td><td class="wide" data-value="0"><span class="faint">–</span></td><td class="text faint"></td></tr>
      <tr><th class="text" scope="row"><a href="#namespace=shop">shop</a></th><td data-value="2">2</td><td class="bar"><span class="stack" role="img" aria-label="1 denied, 1 stop"><span class="fill-bad" style="width:50.00%" title="1 denied"></span><span class="fill-stop" style="width:50.00%" title="1 stop"></span></span></td><td class="wide" data-value="1">1</td><td class="wide" data-value="2">2</td><td class="wide" data-value="0"><span class="faint">–</span></td><td class="wide" data-value="0"><span class="faint">–</span></td><td class="text faint"></td></tr>
      </tbody>
      </table>
      </div>
      </section>
      <section>
      <h2>Rules</h2>
      <div class="scroll" tabindex="0" role="region" aria-label="rules">
      <table class="sortable rules">
      <thead><tr><th class="text" scope="col" aria-sort="none"><button type="button">rule</button></th><th class="text wide" scope="col" aria-sort="none"><button type="button">severity</button></th><th class="bar" scope="col">workloads</th><th scope="col" aria-sort="none"><button type="button">denied</button></th><th scope="col" aria-sort="none"><button type="button">stop</button></th><th scope="col" aria-sort="none"><button type="button">fixed</button></th><th scope="col" aria-sort="none"><button type="button">exempt</button></th></tr></thead>
      <tbody>
      <tr><th class="text" scope="row"><a href="#rule=no-host-network">no-host-network</a> <a class="more" href="https://github.com/podwright/podwright/blob/main/docs/rules/no-host-network.md">why and how<span class="unseen"> of no-host-network</span></a><p class="faint">Pods must not use the host network.</p></th><td class="text wide">high</td><td class="bar"><span class="stack" role="img" aria-label="2 denied, 3 stop"><span class="fill-bad" style="width:40.00%" title="2 denied"></span><span class="fill-stop" style="width:60.00%" title="3 stop"></span></span></td><td data-value="2">2</td><td data-value="3">3</td><td data-value="0"><span class="faint">–</span></td><td data-value="0"><span class="faint">–</span></td></tr>
      <tr><th class="text" scope="row"><a href="#rule=no-privilege-escalation">no-privilege-escalation</a> <a class="more" href="https://github.com/podwright/podwright/blob/main/docs/rules/no-privilege-escalation.md">why and how<span class="unseen"> of no-privilege-escalation</span></a><p class="faint">Containers must not be able to gain more privileges than they start with.</p></th><td class="text wide">high</td><td class="bar"><span class="stack" role="img" aria-label="1 fixed"><span class="fill-fixed" style="width:20.00%" title="1 fixed"></span></span></td><td data-value="0"><span class="faint">–</span></td><td data-value="0"><span class="faint">–</span></td><td data-value="1">1</td><td data-value="0"><span class="faint">–</span></td></tr>
      <tr><th class="text" scope="row"><a href="#rule=pin-image-tag">pin-image-tag</a> <a class="more" href="https://github.com/podwright/podwright/blob/main/docs/rules/pin-image-tag.md">why and how<span class="unseen"> of pin-image-tag</span></a><p class="faint">Images must have a tag other than latest, or a digest.</p></th><td class="text wide">medium</td><td class="bar"><span class="stack" role="img" aria-label="1 exempt"><span class="fill-exempt" style="width:20.00%" title="1 exempt"></span></span></td><td data-value="0"><span class="faint">–</span></td><td data-value="0"><span class="faint">–</span></td><td data-value="0"><span class="faint">–</span></td><td data-value="1">1</td></tr>
      </tbody>
      </table>
      </div>

      </section>
      <section id="workloads">
      <h2>Workloads</h2>
      <form class="filters" role="search" aria-label="filter workloads">
      <label class="grow"><span class="unseen">search</span><input type="search" name="q" placeholder="Search (press /)" autocomplete="off"></label>
      <label><span class="unseen">rule</span><select name="rule"><option value="">any rule</option><option value="no-host-network">no-host-network</option><option value="no-privilege-escalation">no-privilege-escalation</option><option value="pin-image-tag">pin-image-tag</option></select></label>

      <label><span class="unseen">namespace</span><select name="namespace"><option value="">any namespace</option><option value="calico-system">calico-system</option><option value="pay">pay</option><option value="shop">shop</option></select></label>
      <label><span class="unseen">outcome</span><select name="outcome"><option value="">any outcome</option><option value="denied">denied</option><option value="stops">stop</option><option value="fixed">fixed</option><option value="exempt">exempt</option></select></label>
      <button type="reset" class="plain">Clear</button>
      <output>5 workloads</output>
      </form>
      <details class="group" data-group="pay" open>
      <summary><h3>pay</h3> <span class="faint">2 workloads: 1 fixed, 1 exempt</span> <span class="good">ready</span></summary>
      <details class="workload" data-namespace="pay" data-rules="no-privilege-escalation" data-outcomes="fixed">
      <summary><span class="badge fixed">fixed</span> <span class="title">Deployment pay/api</span> <span class="faint ids">no-privilege-escalation</span></summary>
      <ul>
      <li><span class="badge fixed">fixed</span> container &quot;app&quot;: may gain privileges; set securityContext.allowPrivilegeEscalation: false (this fix can change how an application behaves) <code>spec.template.spec.containers[0].securityContext.allowPrivilegeEscalation</code> <a class="more" href="https://github.com/podwright/podwright/blob/main/docs/rules/no-privilege-escalation.md">no-privilege-escalation</a></li>
      </ul>
      <pre class="diff" tabindex="0"><span class="file">--- Deployment pay/api
      </span><span class="file">+++ Deployment pay/api, repaired
      </span><span class="place">@@ -1,3 +1,6 @@
      </span><span class="added">+metadata:
      </span><span class="added">+  annotations:
      </span><span class="added">+    podwright.dev/fixed: no-privilege-escalation
      </span><span class="same"> spec:
      </span><span class="same">   containers:
      </span><span class="same">   - name: app
      </span><span class="place">@@ -5,3 +8,5 @@
      </span><span class="same">     env:
      </span><span class="same">     - name: TOKEN
      </span><span class="same">       value: &quot;***&quot;
      </span><span class="added">+    securityContext:
      </span><span class="added">+      allowPrivilegeEscalation: false
      </span></pre>
      </details>
      <details class="workload" data-namespace="pay" data-rules="pin-image-tag" data-outcomes="exempt">
      <summary><span class="badge exempt">exempt</span> <span class="title">Deployment pay/old</span> <span class="faint ids">pin-image-tag</span></summary>
      <ul>
      <li><span class="badge exempt">exempt</span> container &quot;app&quot;: image &quot;example.com/old&quot; has no tag, which means latest; pin a version or digest (old: for the test) <code>spec.template.spec.containers[0].image</code> <a class="more" href="https://github.com/podwright/podwright/blob/main/docs/rules/pin-image-tag.md">pin-image-tag</a></li>
      </ul>
      </details>
      </details>
      <details class="group" data-group="calico-system" open>
      <summary><h3>calico-system</h3> <span class="faint">1 workload: 1 denied</span></summary>
      <details class="workload" data-namespace="calico-system" data-rules="no-host-network" data-outcomes="denied stops">
      <summary><span class="badge bad">denied</span> <span class="title">DaemonSet calico-system/calico-node</span> <span class="faint ids">no-host-network</span></summary>
      <ul>
      <li><span class="badge bad">denied, stops</span> hostNetwork is true and bypasses NetworkPolicy; remove it (a node agent needs an exemption) <code>spec.template.spec.hostNetwork</code> <a class="more" href="https://github.com/podwright/podwright/blob/main/docs/rules/no-host-network.md">no-host-network</a></li>
      </ul>
      </details>
      </details>
      <details class="group" data-group="shop" open>
      <summary><h3>shop</h3> <span class="faint">2 workloads: 1 denied, 1 stop</span></summary>
      <details class="workload" data-namespace="shop" data-rules="no-host-network" data-outcomes="stops">
      <summary><span class="badge stop">stop</span> <span class="title">Deployment shop/injected</span> <span class="faint ids">no-host-network</span></summary>
      <ul>
      <li><span class="badge stop">stops</span> hostNetwork is true and bypasses NetworkPolicy; remove it (a node agent needs an exemption) (in running Pods only) <code>spec.hostNetwork</code> <a class="more" href="https://github.com/podwright/podwright/blob/main/docs/rules/no-host-network.md">no-host-network</a></li>
      </ul>
      </details>
      <details class="workload" data-namespace="shop" data-rules="no-host-network" data-outcomes="denied stops">
      <summary><span class="badge bad">denied</span> <span class="title">Deployment shop/web</span> <span class="faint ids">no-host-network</span></summary>
      <ul>
      <li><span class="badge bad">denied, stops</span> hostNetwork is true and bypasses NetworkPolicy; remove it (a node agent needs an exemption) <code>spec.template.spec.hostNetwork</code> <a class="more" href="https://github.com/podwright/podwright/blob/main/docs/rules/no-host-network.md">no-host-network</a></li>
      </ul>
      </details>
      </details>
      <p class="none-left" hidden>Nothing matches these filters.</p>
      </section>
      <section><h2>Add-ons without an exemption</h2>
      <pre class="copy" tabindex="0">exemptions:
      # DaemonSet calico-system/calico-node: no-host-network
      - name: calico
        rules:
        - drop-all-capabilities
        - limit-capabilities
        - no-host-network
        - no-host-path
        - no-privilege-escalation
        - no-privileged-containers
        - no-probe-host
        - no-root-user
        - require-cpu-request
        - require-memory-limit
        - require-memory-request
        - run-as-non-root
        match:
          namespaces: [calico-apiserver, calico-system, kube-system, tigera-operator]
          workloads:
          - DaemonSet/calico-node
          - DaemonSet/csi-node-driver
          - Deployment/calico-apiserver
          - Deployment/calico-kube-controllers
          - Deployment/calico-typha
          - Deployment/tigera-operator
          - Job/tigera-operator-uninstall
        reason: programs the node&#39;s routes and firewall; Pods have no network before it runs
        owner: team-platform
      </pre></section>
      <section><h2>Exemptions that cover nothing here</h2>
      <p>gone</p></section>
      <section><h2>Suggested policy</h2>
      <p>To enforce in the namespaces that are ready, and not yet in the others (with Helm, namespaces goes under policy: in the values):</p>
      <pre class="copy" tabindex="0">mode: audit
      namespaces:
      - match:
          names: [pay]
        mode: enforce
      </pre></section>
      </main>
      "
    `);
  });

  test('loads nothing from anywhere', () => {
    const page = previewHtml(previewed(objects, policy), withDiff);
    expect(page).toContain('default-src &#39;none&#39;');
    expect(page.match(/\bsrc=|<link|\burl\(|@import/g)).toBeNull();
    const links = page.matchAll(/href="([^"#]*)/g);
    const outside = [...links].map(([, address = '']) => address).filter((address) => address !== '');
    expect(outside.filter((address) => !address.startsWith(`${repository}/blob/main/docs/rules/`))).toEqual([]);
  });

  test('holds no markup but its own', () => {
    const hostile = running('Deployment', `x"><script>alert(1)/a'b&<i>`, {
      containers: [good],
      hostNetwork: true,
    });
    const page = previewHtml(previewed(hostile, policy), withDiff);
    expect(page.match(/<script>/g)).toHaveLength(1);
    expect(page).not.toContain('<i>');
    expect(page).toContain('data-group="x&quot;&gt;&lt;script&gt;alert(1)"');
    expect(page).toContain('/a&#39;b&amp;&lt;i&gt;');
  });
});

test('JSON counts the findings that are not listed', () => {
  const containers = Array.from({ length: 23 }, (_, index) => ({ ...container, name: `app-${index}` }));
  const preview = previewed(running('Deployment', 'shop/web', { containers }), policy);
  const [workload] = JSON.parse(previewJson(preview, lifted)).workloads;
  expect(workload.findings).toHaveLength(20);
  expect(workload.findings.map(({ more }: { more?: number }) => more)).toEqual([...Array(19), 3]);
});

test('no output has the value of an environment variable', () => {
  const preview = previewed(objects, policy);
  const all = [previewText(preview, withDiff, plain), previewJson(preview, withDiff), previewHtml(preview, withDiff)];
  expect(all.map((text) => text.includes('hunter2'))).toEqual([false, false, false]);
  expect(all.map((text) => text.includes('TOKEN'))).toEqual([true, true, true]);
});
