import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { decide } from '../src/admission/decide.ts';
import type { Policy } from '../src/engine/policy.ts';
import { applyPatch } from '../src/patch/apply-patch.ts';
import type { PatchOperation } from '../src/patch/json-patch.ts';
import { loadPolicy } from '../src/policy/load.ts';
import { rules } from '../src/rules/index.ts';
import { podObject, requestFor } from './support/requests.ts';

const textOf = (name: string): string =>
  readFileSync(join(import.meta.dirname, `../examples/policies/${name}.yaml`), 'utf8');

const recipe = (name: string): unknown =>
  parse(readFileSync(join(import.meta.dirname, `apiserver/recipes/${name}.yaml`), 'utf8'));

async function policyOf(name: string): Promise<Policy> {
  const loaded = await loadPolicy(textOf(name), rules);
  if ('problems' in loaded) throw new Error(JSON.stringify(loaded.problems));
  return loaded.policy;
}

/** What becomes of a new Pod: the patch it gets, one operation a line, and the verdict on the Pod that it then is. */
function admitted(object: unknown, policy: Policy): { patch: string[]; verdict: string; said: readonly string[] } {
  const world = { policy, minor: 36 };
  const { patch: encoded = '' } = decide('mutate', requestFor(object), world).response;
  const patch = JSON.parse(Buffer.from(encoded, 'base64').toString() || '[]') as PatchOperation[];
  const { verdict, response } = decide('validate', requestFor(applyPatch(object, patch)), world);
  return {
    patch: patch.map(({ op, path, ...rest }) => `${op} ${path} ${JSON.stringify('value' in rest ? rest.value : null)}`),
    verdict,
    said: response.status?.message.split('\n') ?? response.warnings ?? [],
  };
}

describe('note.yaml', () => {
  test('says of each rule which section it comes from', async () => {
    const { rules: settings } = parse(textOf('note')) as { rules: object };
    const named = Object.keys(settings).filter((id) =>
      new RegExp(`^  ${id}:.*# sections? \\d`, 'm').test(textOf('note')),
    );
    expect(named).toEqual(Object.keys(settings));
    expect((await policyOf('note')).rules.filter(({ mode }) => mode !== 'off')).toHaveLength(named.length);
  });

  test('says of each option which section it comes from', () => {
    const options = textOf('note').match(/^.*(?:options: |^ {6}\w+: ).*$/gm) ?? [];
    expect(options.length).toBeGreaterThan(8);
    expect(options.filter((line) => !/# sections? \d/.test(line))).toEqual([]);
  });

  test('repairs recipe 1, whose log shipper lacks nearly all', async () => {
    expect(admitted(recipe('1-web-with-sidecar'), await policyOf('note'))).toMatchInlineSnapshot(`
      {
        "patch": [
          "add /spec/containers/1/securityContext {"capabilities":{"drop":["ALL"]},"allowPrivilegeEscalation":false,"readOnlyRootFilesystem":true,"runAsNonRoot":true}",
          "add /spec/containers/1/lifecycle {"preStop":{"sleep":{"seconds":10}}}",
          "add /spec/containers/1/volumeMounts/- {"name":"scratch-log-shipper-tmp","mountPath":"/tmp"}",
          "add /spec/containers/1/volumeMounts/- {"name":"scratch-log-shipper-var-log","mountPath":"/var/log"}",
          "add /spec/containers/1/resources {"requests":{"cpu":"100m","memory":"128Mi"}}",
          "add /spec/containers/0/lifecycle {"preStop":{"sleep":{"seconds":10}}}",
          "add /spec/containers/0/volumeMounts/- {"name":"scratch-app-tmp","mountPath":"/tmp"}",
          "add /spec/containers/0/volumeMounts/- {"name":"scratch-app-var-log","mountPath":"/var/log"}",
          "add /spec/securityContext {"runAsUser":1000,"runAsGroup":3000,"fsGroup":2000,"fsGroupChangePolicy":"OnRootMismatch","seccompProfile":{"type":"RuntimeDefault"}}",
          "add /spec/volumes/- {"name":"scratch-log-shipper-tmp","emptyDir":{"sizeLimit":"64Mi"}}",
          "add /spec/volumes/- {"name":"scratch-log-shipper-var-log","emptyDir":{"sizeLimit":"64Mi"}}",
          "add /spec/volumes/- {"name":"scratch-app-tmp","emptyDir":{"sizeLimit":"64Mi"}}",
          "add /spec/volumes/- {"name":"scratch-app-var-log","emptyDir":{"sizeLimit":"64Mi"}}",
          "add /metadata/annotations {"podwright.dev/fixed":"drop-all-capabilities,explicit-user-and-group,no-privilege-escalation,pre-stop-sleep,read-only-root-filesystem,require-cpu-request,require-memory-request,require-scratch-space,require-seccomp-profile,run-as-non-root"}",
        ],
        "said": [
          "podwright: container "log-shipper": has no memory limit; set resources.limits.memory (require-memory-limit)",
          "podwright: no controller replaces this Pod when its node fails; use a Deployment, StatefulSet or Job (no-bare-pods)",
        ],
        "verdict": "allow",
      }
    `);
  });

  test('repairs recipe 2, init containers included', async () => {
    expect(admitted(recipe('2-waits-for-database'), await policyOf('note'))).toMatchInlineSnapshot(`
      {
        "patch": [
          "add /spec/initContainers/0/securityContext {"capabilities":{"drop":["ALL"]},"allowPrivilegeEscalation":false,"readOnlyRootFilesystem":true,"runAsNonRoot":true}",
          "add /spec/initContainers/0/volumeMounts [{"name":"scratch-wait-for-db-tmp","mountPath":"/tmp"},{"name":"scratch-wait-for-db-var-log","mountPath":"/var/log"}]",
          "add /spec/initContainers/1/securityContext {"capabilities":{"drop":["ALL"]},"allowPrivilegeEscalation":false,"readOnlyRootFilesystem":true,"runAsNonRoot":true}",
          "add /spec/initContainers/1/volumeMounts [{"name":"scratch-migrate-tmp","mountPath":"/tmp"},{"name":"scratch-migrate-var-log","mountPath":"/var/log"}]",
          "add /spec/containers/0/securityContext {"capabilities":{"drop":["ALL"]},"allowPrivilegeEscalation":false,"readOnlyRootFilesystem":true,"runAsNonRoot":true}",
          "add /spec/containers/0/volumeMounts [{"name":"scratch-app-tmp","mountPath":"/tmp"},{"name":"scratch-app-var-log","mountPath":"/var/log"}]",
          "add /spec/containers/0/resources {"requests":{"cpu":"100m","memory":"128Mi"}}",
          "add /spec/securityContext {"runAsUser":1000,"runAsGroup":3000,"seccompProfile":{"type":"RuntimeDefault"},"fsGroup":2000,"fsGroupChangePolicy":"OnRootMismatch"}",
          "add /spec/volumes [{"name":"scratch-wait-for-db-tmp","emptyDir":{"sizeLimit":"64Mi"}},{"name":"scratch-wait-for-db-var-log","emptyDir":{"sizeLimit":"64Mi"}},{"name":"scratch-migrate-tmp","emptyDir":{"sizeLimit":"64Mi"}},{"name":"scratch-migrate-var-log","emptyDir":{"sizeLimit":"64Mi"}},{"name":"scratch-app-tmp","emptyDir":{"sizeLimit":"64Mi"}},{"name":"scratch-app-var-log","emptyDir":{"sizeLimit":"64Mi"}}]",
          "add /metadata/annotations {"podwright.dev/fixed":"drop-all-capabilities,explicit-user-and-group,no-privilege-escalation,read-only-root-filesystem,require-cpu-request,require-memory-request,require-seccomp-profile,run-as-non-root"}",
        ],
        "said": [
          "podwright: container "app": has no memory limit; set resources.limits.memory (require-memory-limit)",
          "podwright: no controller replaces this Pod when its node fails; use a Deployment, StatefulSet or Job (no-bare-pods)",
        ],
        "verdict": "allow",
      }
    `);
  });

  test('leaves recipe 3 its own hook and grace period', async () => {
    expect(admitted(recipe('3-graceful-shutdown'), await policyOf('note'))).toMatchInlineSnapshot(`
      {
        "patch": [
          "add /spec/containers/0/securityContext {"capabilities":{"drop":["ALL"]},"allowPrivilegeEscalation":false,"readOnlyRootFilesystem":true,"runAsNonRoot":true}",
          "add /spec/containers/0/volumeMounts [{"name":"scratch-app-tmp","mountPath":"/tmp"},{"name":"scratch-app-var-log","mountPath":"/var/log"}]",
          "add /spec/containers/0/resources {"requests":{"cpu":"100m","memory":"128Mi"}}",
          "add /spec/securityContext {"runAsUser":1000,"runAsGroup":3000,"seccompProfile":{"type":"RuntimeDefault"},"fsGroup":2000,"fsGroupChangePolicy":"OnRootMismatch"}",
          "add /spec/volumes [{"name":"scratch-app-tmp","emptyDir":{"sizeLimit":"64Mi"}},{"name":"scratch-app-var-log","emptyDir":{"sizeLimit":"64Mi"}}]",
          "add /metadata/annotations {"podwright.dev/fixed":"drop-all-capabilities,explicit-user-and-group,no-privilege-escalation,read-only-root-filesystem,require-cpu-request,require-memory-request,require-seccomp-profile,run-as-non-root"}",
        ],
        "said": [
          "podwright: container "app": has no memory limit; set resources.limits.memory (require-memory-limit)",
          "podwright: no controller replaces this Pod when its node fails; use a Deployment, StatefulSet or Job (no-bare-pods)",
        ],
        "verdict": "allow",
      }
    `);
  });

  test('leaves recipe 4 its resources', async () => {
    expect(admitted(recipe('4-guaranteed'), await policyOf('note'))).toMatchInlineSnapshot(`
      {
        "patch": [
          "add /spec/containers/0/securityContext {"capabilities":{"drop":["ALL"]},"allowPrivilegeEscalation":false,"readOnlyRootFilesystem":true,"runAsNonRoot":true}",
          "add /spec/containers/0/volumeMounts [{"name":"scratch-app-tmp","mountPath":"/tmp"},{"name":"scratch-app-var-log","mountPath":"/var/log"}]",
          "add /spec/securityContext {"runAsUser":1000,"runAsGroup":3000,"seccompProfile":{"type":"RuntimeDefault"},"fsGroup":2000,"fsGroupChangePolicy":"OnRootMismatch"}",
          "add /spec/volumes [{"name":"scratch-app-tmp","emptyDir":{"sizeLimit":"64Mi"}},{"name":"scratch-app-var-log","emptyDir":{"sizeLimit":"64Mi"}}]",
          "add /metadata/annotations {"podwright.dev/fixed":"drop-all-capabilities,explicit-user-and-group,no-privilege-escalation,read-only-root-filesystem,require-seccomp-profile,run-as-non-root"}",
        ],
        "said": [
          "podwright: no controller replaces this Pod when its node fails; use a Deployment, StatefulSet or Job (no-bare-pods)",
        ],
        "verdict": "allow",
      }
    `);
  });
});

describe('hardened.yaml', () => {
  const digest = `sha256:${'0123456789abcdef'.repeat(4)}`;
  const health = (path: string): object => ({ httpGet: { path, port: 'http' } });
  const compliant = podObject(
    {
      automountServiceAccountToken: false,
      terminationGracePeriodSeconds: 40,
      securityContext: {
        runAsNonRoot: true,
        runAsUser: 10_001,
        runAsGroup: 10_001,
        fsGroup: 10_001,
        seccompProfile: { type: 'RuntimeDefault' },
      },
      initContainers: [
        {
          name: 'migrate',
          image: `registry.example/shop/web:2.1@${digest}`,
          command: ['/web', 'migrate'],
          resources: { requests: { cpu: '100m', memory: '64Mi' } },
          securityContext: {
            allowPrivilegeEscalation: false,
            readOnlyRootFilesystem: true,
            capabilities: { drop: ['ALL'] },
          },
          volumeMounts: [{ name: 'migrate-tmp', mountPath: '/tmp' }],
        },
      ],
      containers: [
        {
          name: 'web',
          image: `registry.example/shop/web:2.1@${digest}`,
          ports: [{ name: 'http', containerPort: 8080 }],
          resources: { requests: { cpu: '100m', memory: '128Mi' }, limits: { memory: '128Mi' } },
          readinessProbe: health('/ready'),
          livenessProbe: health('/alive'),
          lifecycle: { preStop: { sleep: { seconds: 10 } } },
          securityContext: {
            allowPrivilegeEscalation: false,
            readOnlyRootFilesystem: true,
            capabilities: { drop: ['ALL'] },
          },
          volumeMounts: [{ name: 'web-tmp', mountPath: '/tmp' }],
        },
      ],
      volumes: ['migrate-tmp', 'web-tmp'].map((name) => ({ name, emptyDir: { sizeLimit: '64Mi' } })),
    },
    {
      generateName: 'web-7d9-',
      ownerReferences: [{ apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'web-7d9', uid: '1', controller: true }],
    },
  );

  test('has every rule that is in a preset at enforce and every fix on, and no rule waits for an option', async () => {
    const policy = await policyOf('hardened');
    const offered = policy.rules.filter(
      // admission does not know the objects beside a Pod
      ({ rule }) => rule.strictMode !== 'off' && rule.strictMode !== 'audit' && rule.needsNeighbors !== true,
    );
    expect(offered.filter(({ mode }) => mode !== 'enforce')).toEqual([]);
    expect(policy.rules.filter(({ rule, fix }) => rule.fix !== undefined && !fix)).toEqual([]);
    const unset = offered.flatMap(({ rule, options }) =>
      Object.keys(rule.options).flatMap((name) => (options[name] === undefined ? [`${rule.id} ${name}`] : [])),
    );
    expect(unset).toEqual([]);
    const { mode, fixes, workloads, existing, controllers } = policy;
    expect({ mode, fixes, workloads, existing, controllers }).toEqual({
      mode: 'enforce',
      fixes: true,
      workloads: 'enforce',
      existing: 'enforce',
      controllers: 'enforce',
    });
  });

  test('admits a Pod that does everything as it is', async () => {
    expect(admitted(compliant, await policyOf('hardened'))).toEqual({ patch: [], verdict: 'allow', said: [] });
  });

  test('repairs a bare Pod where it can and refuses it for the rest', async () => {
    const bare = podObject({ containers: [{ name: 'app', image: 'nginx', ports: [{ containerPort: 80 }] }] });
    expect(admitted(bare, await policyOf('hardened'))).toMatchInlineSnapshot(`
      {
        "patch": [
          "add /spec/containers/0/securityContext {"capabilities":{"drop":["ALL"]},"allowPrivilegeEscalation":false,"readOnlyRootFilesystem":true,"runAsNonRoot":true}",
          "add /spec/containers/0/lifecycle {"preStop":{"sleep":{"seconds":10}}}",
          "add /spec/containers/0/volumeMounts [{"name":"scratch-app-tmp","mountPath":"/tmp"}]",
          "add /spec/containers/0/resources {"requests":{"cpu":"100m","memory":"128Mi"}}",
          "add /spec/securityContext {"runAsUser":65532,"runAsGroup":65532,"seccompProfile":{"type":"RuntimeDefault"},"fsGroup":65532,"fsGroupChangePolicy":"OnRootMismatch"}",
          "add /spec/volumes [{"name":"scratch-app-tmp","emptyDir":{"sizeLimit":"64Mi"}}]",
          "add /metadata/annotations {"podwright.dev/fixed":"drop-all-capabilities,explicit-user-and-group,no-privilege-escalation,pre-stop-sleep,read-only-root-filesystem,require-cpu-request,require-memory-request,require-seccomp-profile,run-as-non-root"}",
        ],
        "said": [
          "Pod shop/web is refused by 8 rules: allowed-registries, no-service-account-token, pin-image-tag and 5 more",
          "  container "app": image docker.io/library/nginx is not allowed; see option allowed",
          "    (allowed-registries)",
          "    spec.containers[0].image",
          "  containers get the service account's token unasked; set automountServiceAccountToken: false",
          "    (no-service-account-token)",
          "    spec.automountServiceAccountToken",
          "  container "app": image "nginx" has no tag, which means latest; pin a version or digest",
          "    (pin-image-tag)",
          "    spec.containers[0].image",
          "  container "app": has no memory limit; set resources.limits.memory (require-memory-limit)",
          "    spec.containers[0].resources.limits.memory",
          "  container "app": serves a port but has no readinessProbe; add one, or traffic arrives too early",
          "    (require-readiness-probe)",
          "    spec.containers[0].readinessProbe",
          "  no controller replaces this Pod when its node fails; use a Deployment, StatefulSet or Job",
          "    (no-bare-pods)",
          "    metadata.ownerReferences",
          "  container "app": serves a port but has no livenessProbe; add one, or nobody notices a hang",
          "    (require-liveness-probe)",
          "    spec.containers[0].livenessProbe",
          "  container "app": port 80 has no name; name it after its use, like http or metrics (named-ports)",
          "    spec.containers[0].ports[0].name",
          "Why and how: podwright explain allowed-registries",
        ],
        "verdict": "deny",
      }
    `);
  });
});

describe('add-ons.yaml', () => {
  interface Exemption {
    readonly name: string;
    readonly rules: readonly string[];
    readonly match: Readonly<Record<string, readonly string[]>>;
    readonly reason: string;
    readonly owner: string;
  }
  const { exemptions, ...rest } = parse(textOf('add-ons')) as { exemptions: Exemption[] };

  test('has nothing but exemptions beside the preset', async () => {
    expect(rest).toEqual({ apiVersion: 'podwright.dev/v1alpha1', kind: 'Policy', extends: 'recommended' });
    expect((await policyOf('add-ons')).exemptions.map(({ name }) => name)).toEqual(exemptions.map(({ name }) => name));
  });

  test('covers the usual add-ons, each by a name of its own', () => {
    expect(exemptions.map(({ name }) => name)).toEqual([
      'istio-init',
      'istio-node-agents',
      'linkerd-init',
      'linkerd-cni',
      'aws-vpc-cni',
      'flannel',
      'cilium',
      'calico',
      'kube-proxy',
      'node-local-dns',
      'node-exporter',
      'windows-exporter',
      'fluent-bit',
      'promtail',
      'falco',
      'tetragon',
      'datadog-agent',
      'csi-drivers',
      'csi-drivers-on-windows',
      'longhorn',
      'velero-node-agent',
      'ingress-controllers',
      'metallb',
      'gpu-operator',
    ]);
  });

  test.each(exemptions.map((exemption) => [exemption.name, exemption] as const))(
    '%s names rules that exist, a match, a reason and an owner',
    (_name, exemption) => {
      const ids = new Set(rules.map(({ id }) => id));
      expect(exemption.rules).toEqual([...ids].filter((id) => exemption.rules.includes(id)));
      expect(exemption.rules.length).toBeGreaterThan(0);
      expect(Object.keys(exemption)).toEqual(['name', 'rules', 'match', 'reason', 'owner']);
      expect(exemption.reason).toMatch(/\S \S/);
      expect(exemption.owner).toMatch(/\S/);
      expect(Object.values(exemption.match).flat()).not.toContain('*');
    },
  );

  test('every exemption is narrow: a workload in namespaces, or a container with its image', () => {
    const keys = new Set(exemptions.map(({ match }) => Object.keys(match).toSorted().join(' ')));
    expect([...keys].toSorted()).toEqual(['containers images', 'namespaces workloads']);
  });
});
