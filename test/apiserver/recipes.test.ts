import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { compare } from 'fast-json-patch';
import { beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { type Kubectl, kubectlIn, kubectlOf, type StoredPod } from './support/kubectl.ts';
import { expectAllPatchesApplied } from './support/patches.ts';
import { type Podwright, startPodwright } from './support/podwright.ts';

const recipe = (name: string): unknown =>
  parse(readFileSync(join(import.meta.dirname, `recipes/${name}.yaml`), 'utf8'));

let podwright: Podwright;
let kubectl: Kubectl;

describe('under the built-in policy', () => {
  const namespace = 'recipes-built-in';
  beforeAll(async () => {
    kubectl = await kubectlIn(namespace);
    podwright = await startPodwright();
    return podwright.stop;
  });

  test('recipe 1 is refused for its log shipper', async () => {
    expect(await refusal('1-web-with-sidecar')).toMatchInlineSnapshot(`
      "Error from server (Forbidden): error when creating "STDIN": admission webhook "pods.validate.podwright.dev" denied the request: Pod recipes-built-in/web-with-sidecar is refused by 2 rules: require-cpu-request, require-memory-request
        container "log-shipper": requests no cpu; set resources.requests.cpu (require-cpu-request)
          spec.containers[1].resources.requests.cpu
        container "log-shipper": requests no memory; set resources.requests.memory
          (require-memory-request)
          spec.containers[1].resources.requests.memory
      Why and how: podwright explain require-cpu-request
      "
    `);
  });

  test('recipe 2 is refused for its main container', async () => {
    expect(await refusal('2-waits-for-database')).toMatchInlineSnapshot(`
      "Error from server (Forbidden): error when creating "STDIN": admission webhook "pods.validate.podwright.dev" denied the request: Pod recipes-built-in/app is refused by 2 rules: require-cpu-request, require-memory-request
        container "app": requests no cpu; set resources.requests.cpu (require-cpu-request)
          spec.containers[0].resources.requests.cpu
        container "app": requests no memory; set resources.requests.memory (require-memory-request)
          spec.containers[0].resources.requests.memory
      Why and how: podwright explain require-cpu-request
      "
    `);
  });

  test('recipe 3 is refused for its only container', async () => {
    expect(await refusal('3-graceful-shutdown')).toMatchInlineSnapshot(`
      "Error from server (Forbidden): error when creating "STDIN": admission webhook "pods.validate.podwright.dev" denied the request: Pod recipes-built-in/graceful is refused by 2 rules: require-cpu-request, require-memory-request
        container "app": requests no cpu; set resources.requests.cpu (require-cpu-request)
          spec.containers[0].resources.requests.cpu
        container "app": requests no memory; set resources.requests.memory (require-memory-request)
          spec.containers[0].resources.requests.memory
      Why and how: podwright explain require-cpu-request
      "
    `);
  });

  test('recipe 4 is admitted', async () => {
    expect(await changes('4-guaranteed')).toMatchInlineSnapshot(`
      {
        "add /metadata/annotations": {
          "podwright.dev/fixed": "no-privilege-escalation,require-seccomp-profile",
        },
        "add /spec/containers/0/securityContext": {
          "allowPrivilegeEscalation": false,
        },
        "add /spec/securityContext/seccompProfile": {
          "type": "RuntimeDefault",
        },
      }
    `);
  });

  test('the API server applies every patch', () => expectAllPatchesApplied(podwright, namespace));

  async function refusal(name: string): Promise<string> {
    return (await kubectl.send(recipe(name), 'create', '-f', '-')).stderr;
  }
});

describe('under a policy that fills in requests and scratch space', () => {
  const namespace = 'recipes-filled-in';
  const policy = `
apiVersion: podwright.dev/v1alpha1
kind: Policy
extends: recommended
rules:
  require-cpu-request: { fix: true, options: { default: 100m } }
  require-memory-request: { fix: true, options: { default: 128Mi } }
  require-scratch-space: { mode: enforce, fix: true, options: { paths: [/tmp, /var/log] } }
`;
  beforeAll(async () => {
    kubectl = await kubectlIn(namespace);
    podwright = await startPodwright(policy);
    return podwright.stop;
  });

  test('recipe 1 gets requests for its log shipper, scratch space for its app, and a preStop hook for both', async () => {
    expect(await changes('1-web-with-sidecar')).toMatchInlineSnapshot(`
      {
        "add /metadata/annotations": {
          "podwright.dev/fixed": "no-privilege-escalation,pre-stop-sleep,require-cpu-request,require-memory-request,require-scratch-space,require-seccomp-profile",
        },
        "add /spec/containers/0/lifecycle": {
          "preStop": {
            "sleep": {
              "seconds": 10,
            },
          },
        },
        "add /spec/containers/0/volumeMounts/2": {
          "mountPath": "/tmp",
          "name": "scratch-app-tmp",
        },
        "add /spec/containers/0/volumeMounts/3": {
          "mountPath": "/var/log",
          "name": "scratch-app-var-log",
        },
        "add /spec/containers/1/lifecycle": {
          "preStop": {
            "sleep": {
              "seconds": 10,
            },
          },
        },
        "add /spec/containers/1/resources/requests": {
          "cpu": "100m",
          "memory": "128Mi",
        },
        "add /spec/containers/1/securityContext": {
          "allowPrivilegeEscalation": false,
        },
        "add /spec/securityContext/seccompProfile": {
          "type": "RuntimeDefault",
        },
        "add /spec/volumes/2": {
          "emptyDir": {
            "sizeLimit": "64Mi",
          },
          "name": "scratch-app-tmp",
        },
        "add /spec/volumes/3": {
          "emptyDir": {
            "sizeLimit": "64Mi",
          },
          "name": "scratch-app-var-log",
        },
      }
    `);
  });

  test('recipe 2 gets requests for its main container', async () => {
    expect(await changes('2-waits-for-database')).toMatchInlineSnapshot(`
      {
        "add /metadata/annotations": {
          "podwright.dev/fixed": "no-privilege-escalation,require-cpu-request,require-memory-request,require-seccomp-profile",
        },
        "add /spec/containers/0/resources/requests": {
          "cpu": "100m",
          "memory": "128Mi",
        },
        "add /spec/containers/0/securityContext": {
          "allowPrivilegeEscalation": false,
        },
        "add /spec/initContainers/0/securityContext": {
          "allowPrivilegeEscalation": false,
        },
        "add /spec/initContainers/1/securityContext": {
          "allowPrivilegeEscalation": false,
        },
        "add /spec/securityContext/seccompProfile": {
          "type": "RuntimeDefault",
        },
      }
    `);
  });

  test('recipe 3 gets requests and keeps its own hook', async () => {
    expect(await changes('3-graceful-shutdown')).toMatchInlineSnapshot(`
      {
        "add /metadata/annotations": {
          "podwright.dev/fixed": "no-privilege-escalation,require-cpu-request,require-memory-request,require-seccomp-profile",
        },
        "add /spec/containers/0/resources/requests": {
          "cpu": "100m",
          "memory": "128Mi",
        },
        "add /spec/containers/0/securityContext": {
          "allowPrivilegeEscalation": false,
        },
        "add /spec/securityContext/seccompProfile": {
          "type": "RuntimeDefault",
        },
      }
    `);
  });

  test('recipe 4 keeps its resources', async () => {
    expect(await changes('4-guaranteed')).toMatchInlineSnapshot(`
      {
        "add /metadata/annotations": {
          "podwright.dev/fixed": "no-privilege-escalation,require-seccomp-profile",
        },
        "add /spec/containers/0/securityContext": {
          "allowPrivilegeEscalation": false,
        },
        "add /spec/securityContext/seccompProfile": {
          "type": "RuntimeDefault",
        },
      }
    `);
  });

  test('the API server applies every patch', () => expectAllPatchesApplied(podwright, namespace));
});

/**
 * All that is stored of the recipe and was not in it, save what the API server itself adds: the difference to what it
 * makes of the same Pod in the one namespace that Podwright is not asked about.
 */
async function changes(name: string): Promise<Record<string, unknown>> {
  const before = await kubectlOf('kube-system').create(recipe(name), '--dry-run=server');
  const after = await kubectl.create(recipe(name));
  const operations = compare(comparable(before), comparable(after));
  const entries = operations.map((one) => [`${one.op} ${one.path}`, 'value' in one ? one.value : undefined] as const);
  return Object.fromEntries(entries.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

/** Without what differs between any two Pods. */
function comparable({ metadata: { labels, annotations }, spec }: StoredPod): object {
  return JSON.parse(
    JSON.stringify({ metadata: { labels, annotations }, spec }).replaceAll(/kube-api-access-\w{5}/g, 'kube-api-access'),
  ) as object;
}
