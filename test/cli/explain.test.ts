import path from 'node:path';
import { Readable } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { explainManifests } from '../../src/cli/explain-manifests.ts';
import { explainRule, ruleText } from '../../src/cli/explain-rule.ts';
import { plain } from '../../src/cli/output/paint.ts';
import { defineRule } from '../../src/engine/rule.ts';

const fixture = (name: string): string => path.relative('.', path.join(import.meta.dirname, 'fixtures', name));
const policy = fixture('policy.yaml');

describe('a rule', () => {
  test('tells all about itself', () => {
    const rule = defineRule({
      id: 'no-tea',
      group: 'shape',
      category: 'reliability',
      severity: 'low',
      mode: 'warn',
      fix: { byDefault: false, risk: 'behavior', effect: 'Pours it away. Opt out with coffee.' },
      docs: {
        summary: 'Containers must not drink tea.',
        why: 'A container that drinks tea is a container that does not work, and while it does not work its requests wait in line.',
        bad: 'containers:\n- name: app',
        good: 'containers: []\n',
        source: 'Tea, https://example.com/tea; Milk, https://example.com/milk',
        departs: 'The source allows it at five.',
      },
      options: {
        cups: { type: 'integer', default: 0, minimum: 0, maximum: 3, description: 'How many are let pass.' },
        from: { type: 'integer', minimum: 1, description: 'From which size.' },
        kinds: { type: 'array', items: { type: 'string' }, default: ['green'], description: 'Which kinds.' },
        milk: { type: 'string', enum: ['yes', 'no'], default: 'no', description: 'With or without.' },
        size: { type: 'string', format: 'quantity', description: 'How large.' },
      },
      check: () => [],
    });
    const options = { cups: 2, from: undefined, kinds: ['green'], milk: 'no', size: undefined };
    expect(ruleText({ rule, mode: 'enforce', fix: true, options }, plain)).toMatchInlineSnapshot(`
      "no-tea  low reliability, enforce, fix on
      Containers must not drink tea.

      Why
        A container that drinks tea is a container that does not work, and while it does not work its
        requests wait in line.

      Bad
        containers:
        - name: app

      Good
        containers: []

      Options
        cups  integer from 0 to 3, default 0, this policy: 2
          How many are let pass.
        from  integer from 1, default none
          From which size.
        kinds  list of strings, default ["green"]
          Which kinds.
        milk  yes | no, default "no"
          With or without.
        size  quantity, default none
          How large.

      Fix
        can change how an application behaves; off by default
        Pours it away. Opt out with coffee.

      Source
        Tea, https://example.com/tea
        Milk, https://example.com/milk

      How Podwright applies it
        The source allows it at five."
    `);
  });

  test('that needs no options and has no fix says so in few words', async () => {
    expect((await explainRule('no-host-network', { policy }, plain)).output).toMatchInlineSnapshot(`
      "no-host-network  high security, enforce
      Pods must not use the host network.

      Why
        A Pod with \`hostNetwork: true\` sees the node's interfaces and loopback services, is not subject to
        NetworkPolicies, and its ports clash with those of every other such Pod on the node.

      Bad
        hostNetwork: true
        containers:
        - name: app
          image: registry.example/app:1.0

      Good
        containers:
        - name: app
          image: registry.example/app:1.0
          ports:
          - containerPort: 8080

      Fix
        none: only the author of the Pod can decide

      Source
        Pod Security Standards, baseline: Host Namespaces,
        https://kubernetes.io/docs/concepts/security/pod-security-standards/

      How Podwright applies it
        There is no fix: without the host network, an application that listens on the node is no longer
        reachable, and host ports set by API server defaulting would remain."
    `);
  });

  test('that does not exist gets a suggestion', async () => {
    expect(await explainRule('no-host-netwrok', {}, plain)).toMatchInlineSnapshot(`
      {
        "exitCode": 2,
        "messages": [
          "there is no rule "no-host-netwrok"; did you mean no-host-network?",
        ],
        "output": "",
      }
    `);
    expect((await explainRule('tea', {}, plain)).messages).toMatchInlineSnapshot(`
      [
        "there is no rule "tea"; podwright rules lists them all",
      ]
    `);
  });
});

describe('an object', () => {
  test('gets the result of every rule', async () => {
    const { output, ...rest } = await explainManifests(
      [fixture('web.yaml')],
      { policy },
      () => Readable.from([]),
      plain,
    );
    expect(output).toContain('off: allowed-priority-classes, ');
    expect(rest).toEqual({ messages: [], exitCode: 0 });
    expect(output.replaceAll(/^ {2}off: .*(\n {7}.*)*/gm, '  off: …')).toMatchInlineSnapshot(`
      "test/cli/fixtures/web.yaml:2 Deployment shop/web
        requests   cpu 100m, memory 64Mi
        limits     none
        QoS class  Burstable
        grace      30 s to stop

        no-host-network            enforce         hostNetwork is true and bypasses NetworkPolicy; remove
                                                   it (a node agent needs an exemption)
        no-privilege-escalation    fixed           container "app": may gain privileges; set
                                                   securityContext.allowPrivilegeEscalation: false (can
                                                   change behavior)
        pre-stop-sleep             not applicable  no Service endpoint of its own: the Pod is on the host
                                                   network
        read-only-root-filesystem  audit           container "app": can write to its root filesystem; set
                                                   securityContext.readOnlyRootFilesystem: true
        require-cpu-request        pass
        require-memory-request     pass
        run-as-non-root            warn            container "app": may be root, its image decides; set
                                                   runAsNonRoot: true (and runAsUser for an image built as
                                                   root)
        off: …

      test/cli/fixtures/web.yaml:25 Job report-*
        requests   cpu 100m, memory 64Mi
        limits     none
        QoS class  Burstable
        grace      30 s to stop

        no-host-network            pass
        no-privilege-escalation    fixed           container "app": may gain privileges; set
                                                   securityContext.allowPrivilegeEscalation: false (can
                                                   change behavior)
        pre-stop-sleep             not applicable  the Pod ends by itself
        read-only-root-filesystem  pass
        require-cpu-request        pass
        require-memory-request     pass
        run-as-non-root            fixed           container "app": is not declared non-root; set
                                                   runAsNonRoot: true
        off: …"
    `);
  });

  test('under a policy that is off, every rule is off', async () => {
    const input = () => Readable.from(['{ apiVersion: v1, kind: Pod, metadata: { name: web }, spec: {} }']);
    const { output } = await explainManifests(['-'], { mode: 'off' }, input, plain);
    expect(output).toMatch(
      /^stdin:1 Pod web\n(?: {2}(?:requests|limits|QoS class|grace) .*\n){4}\n {2}off: allowed-priority-classes, (?:[a-z-]+,\s+)+unique-env-names$/,
    );
  });

  test('that is not valid is reported', async () => {
    const input = () => Readable.from(['a: 1\n---\n[']);
    expect(await explainManifests(['-'], {}, input, plain)).toMatchInlineSnapshot(`
      {
        "exitCode": 2,
        "messages": [
          "stdin:3:2: cannot be parsed: unexpected end of the stream within a flow collection",
        ],
        "output": "no Pods found: the input contains no Pods or Pod templates",
      }
    `);
  });
});
