import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { type CommandLine, openCommandLine, type Printed } from './support/command-line.ts';
import { type Kubectl, kubectlIn, kubectlOf, wanted } from './support/kubectl.ts';
import { deployment, pod } from './support/podwright.ts';
import { until } from './support/until.ts';

const [ready, blocked, network] = ['preview-ready', 'preview-blocked', 'calico-system'];
const secret = 'hunter2-hunter2';
let commandLine: CommandLine;
let kubectl: Kubectl;

const podwright = (args: readonly string[], as?: string): Promise<Printed> => commandLine.podwright(args, as);
const file = (name: string, content: string): Promise<string> => commandLine.file(name, content);

beforeAll(async () => {
  commandLine = await openCommandLine();
  kubectl = await kubectlIn(ready);
  const others = await Promise.all([blocked, network].map((namespace) => kubectlIn(namespace)));
  const [inBlocked, inNetwork] = others as [Kubectl, Kubectl];
  const env = [{ name: 'TOKEN', value: secret }];
  const daemonSet = deployment('calico-node', 0, { spec: { hostNetwork: true }, container: { env } });
  const { replicas: _, ...spec } = daemonSet.spec;
  await kubectl.create(deployment('api', 1, { container: { env } }));
  await inBlocked.create(deployment('web', 1, { container: { resources: {}, env } }));
  await inBlocked.create(pod('tool'));
  await inNetwork.create({ ...daemonSet, kind: 'DaemonSet', spec });
  const created = async ({ namespace, get }: Kubectl, count: number): Promise<void> =>
    until(`the Pods of ${namespace}`, async () => (await get<{ items: object[] }>('pods')).items.length === count);
  await Promise.all([created(kubectl, 1), created(inBlocked, 2), created(inNetwork, 1)]);
});

afterAll(async () => {
  await wanted(kubectl('delete', 'namespace', ready, blocked, network, '--wait=false'));
  await commandLine.close();
});

describe('podwright preview', () => {
  test('shows for every namespace the effect of enforcement, and which are ready', async () => {
    const { code, stdout, stderr } = await podwright(['preview', '-o', 'json']);
    const { namespaces, suggestedExemptions, enforceReady } = JSON.parse(stdout) as {
      namespaces: { namespace: string; ready: boolean; denied: number; stops: number; fixed: number }[];
      suggestedExemptions: { exemption: { name: string }; workloads: { name: string; rules: string[] }[] }[];
      enforceReady: string;
    };
    const own = namespaces.filter(({ namespace }) => [ready, blocked, network].includes(namespace));
    expect(
      own.map(({ namespace, ready, denied, stops, fixed }) => ({ namespace, ready, denied, stops, fixed })),
    ).toEqual([
      { namespace: ready, ready: true, denied: 0, stops: 0, fixed: 1 },
      { namespace: network, ready: false, denied: 1, stops: 1, fixed: 1 },
      { namespace: blocked, ready: false, denied: 1, stops: 1, fixed: 2 },
    ]);
    expect(namespaces.map(({ namespace }) => namespace)).not.toContain('kube-system');
    const calico = suggestedExemptions.find(({ exemption }) => exemption.name === 'calico');
    expect(calico?.workloads.map(({ name, rules }) => [name, ...rules])).toMatchInlineSnapshot(`
      [
        [
          "calico-node",
          "drop-all-capabilities",
          "no-host-network",
          "no-privilege-escalation",
          "require-memory-limit",
          "run-as-non-root",
        ],
      ]
    `);
    const { mode, namespaces: entries } = parse(enforceReady) as {
      mode: string;
      namespaces: [{ match: { names: string[] }; mode: string }];
    };
    expect([mode, entries[0].mode]).toEqual(['audit', 'enforce']);
    expect(entries[0].match.names.filter((name) => [ready, blocked, network].includes(name))).toEqual([ready]);
    expect({ code, stderr }).toMatchInlineSnapshot(`
      {
        "code": 0,
        "stderr": "policy: the built-in one (the cluster has no ConfigMap of a Podwright release), as if every mode ceiling were enforce
      ",
      }
    `);
  });

  test('of one namespace', async () => {
    expect(await podwright(['preview', '-n', blocked])).toMatchInlineSnapshot(`
      {
        "code": 0,
        "stderr": "policy: the built-in one (the cluster has no ConfigMap of a Podwright release), as if every mode ceiling were enforce
      ",
        "stdout": "NAMESPACE        WORKLOADS  DENIED  STOP  FIXED  RISKY  WARNED  EXEMPT
      preview-blocked          2       1     1      2      2       2       -
                               2       1     1      2      2       2       -  1 namespace

      DENIED: would be denied if applied again unchanged
      STOP: their Pods would be denied at the next restart
      FIXED: their Pods would be repaired on creation
      RISKY: of those, by fixes that can change behavior, as far as images are known
      WARNED: applying them would print warnings

      Denied for requests of cpu or memory alone: all. A LimitRange with default requests, or fix: true
      with a default for these rules, supplies them.

      preview-blocked: 1 of 2 workloads would be denied or stop
        RULE                     DENIED  STOP  FIXED  WARNED
        require-cpu-request           1     1      -       -
        require-memory-request        1     1      -       -
        no-privilege-escalation       -     -      2       -
        require-seccomp-profile       -     -      2       -
        drop-all-capabilities         -     -      -       2
        require-memory-limit          -     -      -       2
        run-as-non-root               -     -      -       2
        no-bare-pods                  -     -      -       1
        no-secrets-in-env             -     -      -       1
        Deployment preview-blocked/web: require-cpu-request, require-memory-request

      No namespace is ready.
      ",
      }
    `);
  });

  test('compares a policy with the one in force', async () => {
    const policy = `apiVersion: podwright.dev/v1alpha1\nkind: Policy\nmode: warn\n`;
    const { code, stdout, stderr } = await podwright([
      'preview',
      '-n',
      blocked,
      '--policy',
      await file('warn.yaml', policy),
    ]);
    expect({ code, stdout, stderr: stderr.replaceAll(commandLine.directory, '') }).toMatchInlineSnapshot(`
      {
        "code": 0,
        "stderr": "policy: /warn.yaml, compared with the built-in one (the cluster has no ConfigMap of a Podwright release)
      ",
        "stdout": "NAMESPACE        WORKLOADS  DENIED    STOP  FIXED  RISKY  WARNED  EXEMPT
      preview-blocked          2  0 (-1)  0 (-1)      2      2       2       -  warn
                               2  0 (-1)  0 (-1)      2      2       2       -  1 namespace

      DENIED: would be denied if applied again unchanged
      STOP: their Pods would be denied at the next restart
      FIXED: their Pods would be repaired on creation
      RISKY: of those, by fixes that can change behavior, as far as images are known
      WARNED: applying them would print warnings

      As written, nothing is denied in 1 namespace (warn); --mode enforce shows what would be.
      What would happen there, in workloads:
        fixed: no-privilege-escalation (2), require-seccomp-profile (2)
        of those, can change behavior: no-privilege-escalation (2), require-seccomp-profile (2)
        warned: drop-all-capabilities (2), require-memory-limit (2), run-as-non-root (2), no-bare-pods
                (1), no-secrets-in-env (1), require-cpu-request (1), require-memory-request (1)

      What changes:
        require-cpu-request: denied → warned, 1 workload
          Deployment preview-blocked/web
        require-memory-request: denied → warned, 1 workload
          Deployment preview-blocked/web
      ",
      }
    `);
  });

  test('shows the patches as diffs, and no value of an environment variable in any format', async () => {
    const { stdout } = await podwright(['preview', '-n', ready, '--diff']);
    expect(stdout.slice(stdout.indexOf('---'))).toMatchInlineSnapshot(`
      "--- Deployment preview-ready/api
      +++ Deployment preview-ready/api, repaired
      @@ -1,6 +1,8 @@
       metadata:
         labels:
           app: api
      +  annotations:
      +    podwright.dev/fixed: no-privilege-escalation,require-seccomp-profile
       spec:
         containers:
         - name: app
      @@ -18,8 +20,12 @@
           terminationMessagePath: /dev/termination-log
           terminationMessagePolicy: File
           imagePullPolicy: IfNotPresent
      +    securityContext:
      +      allowPrivilegeEscalation: false
         restartPolicy: Always
         terminationGracePeriodSeconds: 30
         dnsPolicy: ClusterFirst
      -  securityContext: {}
      +  securityContext:
      +    seccompProfile:
      +      type: RuntimeDefault
         schedulerName: default-scheduler

      To enforce in the namespaces that are ready, and not yet in the others (with Helm, namespaces goes
      under policy: in the values):

      mode: audit
      namespaces:
      - match:
          names: [preview-ready]
        mode: enforce
      "
    `);
    for (const format of ['json', 'html']) {
      const { code, stdout } = await podwright(['preview', '-n', blocked, '--diff', '-o', format]);
      expect({ code, hasDiff: stdout.includes('@@ -'), hasValue: stdout.includes(secret) }).toEqual({
        code: 0,
        hasDiff: true,
        hasValue: false,
      });
    }
  });

  test('follows the policy of the release', async () => {
    const metadata = { name: 'podwright-policy', labels: { 'app.kubernetes.io/name': 'podwright' } };
    const policy = 'apiVersion: podwright.dev/v1alpha1\nkind: Policy\nextends: none\nmode: audit\ncontrollers: warn\n';
    await kubectl.create({ apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { 'policy.yaml': policy } });
    const { stdout, stderr } = await podwright(['preview', '-n', blocked]);
    expect({ stderr, lines: stdout.split('\n').slice(0, 3) }).toMatchInlineSnapshot(`
      {
        "lines": [
          "NAMESPACE        WORKLOADS  DENIED  STOP  FIXED  RISKY  WARNED  EXEMPT",
          "preview-blocked          2       -     -      -      -       -       -  ready",
          "                         2       -     -      -      -       -       -  1 namespace",
        ],
        "stderr": "policy: ConfigMap preview-ready/podwright-policy, as if every mode ceiling were enforce; nothing stops while controllers is warn (--controllers enforce shows what would)
      ",
      }
    `);
    const data = { data: { 'policy.yaml': `${policy}modes: x\n` } };
    await wanted(kubectl('patch', 'configmap', 'podwright-policy', '-p', JSON.stringify(data)));
    expect(await podwright(['preview', '-n', blocked])).toMatchInlineSnapshot(`
      {
        "code": 2,
        "stderr": "ConfigMap preview-ready/podwright-policy policy.yaml:6:1: modes: unknown key; did you mean "mode"?
      the webhook keeps its last valid policy in force, which is not known here; fix the ConfigMap
      ",
        "stdout": "",
      }
    `);
    await wanted(kubectl('delete', 'configmap', 'podwright-policy'));
  });

  test('sets the ceiling over Pods that controllers recreate', async () => {
    const policy = await file(
      'controllers.yaml',
      'apiVersion: podwright.dev/v1alpha1\nkind: Policy\ncontrollers: warn\n',
    );
    const stops = async (...more: string[]) => {
      const { stdout, stderr } = await podwright(['preview', '-n', blocked, '--policy', policy, '-o', 'json', ...more]);
      const { summary } = JSON.parse(stdout) as { summary: { stops: number } };
      return [summary.stops, stderr.replaceAll(commandLine.directory, '').replace(/ \(the cluster has .*?\)/, '')];
    };
    expect(await stops('--mode', 'enforce')).toMatchInlineSnapshot(`
      [
        0,
        "policy: /controllers.yaml, as if every mode ceiling were enforce, compared with the built-in one; nothing stops while controllers is warn (--controllers enforce shows what would)
      ",
      ]
    `);
    expect(await stops('--mode', 'enforce', '--controllers', 'enforce')).toMatchInlineSnapshot(`
      [
        1,
        "policy: /controllers.yaml, as if every mode ceiling were enforce and controllers were enforce, compared with the built-in one
      ",
      ]
    `);
    expect(await stops()).toMatchInlineSnapshot(`
      [
        0,
        "policy: /controllers.yaml, compared with the built-in one; nothing stops while controllers is warn (--controllers enforce shows what would)
      ",
      ]
    `);
  });
});

describe('with permission for Pods only', () => {
  let limited: string;

  beforeAll(async () => {
    const name = 'preview-pods';
    const rules = [{ apiGroups: [''], resources: ['pods'], verbs: ['get', 'list'] }];
    const rbac = { apiVersion: 'rbac.authorization.k8s.io/v1', metadata: { name } };
    await wanted(kubectl('create', 'serviceaccount', 'reader'));
    await kubectl.create({ ...rbac, kind: 'ClusterRole', rules });
    const roleRef = { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name };
    const subjects = [{ kind: 'ServiceAccount', namespace: ready, name: 'reader' }];
    await kubectl.create({ ...rbac, kind: 'ClusterRoleBinding', roleRef, subjects });
    const { stdout: token } = await wanted(kubectl('create', 'token', 'reader'));
    const config = parse(inject('kubeconfig')) as { users: { user: object }[] };
    for (const entry of config.users) entry.user = { token: token.trim() };
    limited = await file('limited', stringify(config));
    return () => wanted(kubectl('delete', 'clusterrole,clusterrolebinding', name));
  });

  test('a preview covers Pods only, and lists what it could not read', async () => {
    const { code, stdout, stderr } = await podwright(['preview', '-n', blocked], limited);
    expect({ code, stdout: stdout.replaceAll(/web-\w+/g, 'web-HASH'), stderr }).toMatchInlineSnapshot(`
      {
        "code": 0,
        "stderr": "policy: the built-in one (the cluster's own may not be read: configmaps is forbidden: User "system:serviceaccount:preview-ready:reader" cannot list resource "configmaps" in API group "" at the cluster scope; if you may read it in its namespace, specify --policy-namespace), as if every mode ceiling were enforce
      not read: clusterrolebindings.rbac.authorization.k8s.io, priorityclasses.scheduling.k8s.io: User "system:serviceaccount:preview-ready:reader" cannot list them at the cluster scope
      not read: cronjobs.batch, daemonsets.apps, deployments.apps, horizontalpodautoscalers.autoscaling, jobs.batch, limitranges, poddisruptionbudgets.policy, podtemplates, replicasets.apps, replicationcontrollers, resourcequotas, rolebindings.rbac.authorization.k8s.io, serviceaccounts, services, statefulsets.apps: User "system:serviceaccount:preview-ready:reader" cannot list them in the namespace "preview-blocked"
      not read: namespaces "preview-blocked" is forbidden: User "system:serviceaccount:preview-ready:reader" cannot get resource "namespaces" in API group "" in the namespace "preview-blocked"
      ",
        "stdout": "NAMESPACE        WORKLOADS  DENIED  STOP  FIXED  RISKY  WARNED  EXEMPT
      preview-blocked          2       1     1      2      2       2       -
                               2       1     1      2      2       2       -  1 namespace

      DENIED: would be denied if applied again unchanged
      STOP: their Pods would be denied at the next restart
      FIXED: their Pods would be repaired on creation
      RISKY: of those, by fixes that can change behavior, as far as images are known
      WARNED: applying them would print warnings

      Denied for requests of cpu or memory alone: all. A LimitRange with default requests, or fix: true
      with a default for these rules, supplies them.

      preview-blocked: 1 of 2 workloads would be denied or stop
        RULE                     DENIED  STOP  FIXED  WARNED
        require-cpu-request           1     1      -       -
        require-memory-request        1     1      -       -
        no-privilege-escalation       -     -      2       -
        require-seccomp-profile       -     -      2       -
        drop-all-capabilities         -     -      -       2
        require-memory-limit          -     -      -       2
        run-as-non-root               -     -      -       2
        no-bare-pods                  -     -      -       1
        no-secrets-in-env             -     -      -       1
        ReplicaSet preview-blocked/web-HASH: require-cpu-request, require-memory-request

      No namespace is ready.
      ",
      }
    `);
  });

  test('of nothing at all, there is none', async () => {
    const config = parse(inject('kubeconfig')) as { users: { user: object }[] };
    await wanted(kubectl('create', 'serviceaccount', 'nobody'));
    const { stdout: token } = await wanted(kubectl('create', 'token', 'nobody'));
    for (const entry of config.users) entry.user = { token: token.trim() };
    const nobody = await file('nobody', stringify(config));
    expect(await podwright(['preview'], nobody)).toMatchInlineSnapshot(`
      {
        "code": 2,
        "stderr": "nothing may be read; specify a namespace that you may read (-n NAMESPACE), or ask for a role that may list Pods and workloads, such as the ClusterRole view
      not read: clusterrolebindings.rbac.authorization.k8s.io, cronjobs.batch, daemonsets.apps, deployments.apps, jobs.batch, limitranges, namespaces, pods, podtemplates, priorityclasses.scheduling.k8s.io, replicasets.apps, replicationcontrollers, rolebindings.rbac.authorization.k8s.io, statefulsets.apps: User "system:serviceaccount:preview-ready:nobody" cannot list them at the cluster scope
      ",
        "stdout": "",
      }
    `);
    const { stderr } = await podwright(['audit', '--cluster', '-n', blocked], nobody);
    expect(stderr.split('\n')[0]).toMatchInlineSnapshot(
      `"nothing may be read; specify another namespace, or ask for a role that may list Pods and workloads, such as the ClusterRole view"`,
    );
  });

  test('and so is an audit', async () => {
    const { code, stdout } = await podwright(['audit', '--cluster', '-n', blocked], limited);
    expect({ code, first: stdout.split('\n')[0]?.replace(/web-\w+/, 'web-HASH') }).toMatchInlineSnapshot(`
      {
        "code": 1,
        "first": "Pod preview-blocked/tool: allowed",
      }
    `);
  });
});

describe('podwright audit --cluster', () => {
  test('checks top-level owners like manifests', async () => {
    expect(await podwright(['audit', '--cluster', '-n', blocked])).toMatchInlineSnapshot(`
      {
        "code": 1,
        "stderr": "policy: the built-in one (the cluster has no ConfigMap of a Podwright release)
      ",
        "stdout": "Deployment preview-blocked/web: denied
        enforce  container "app": requests no cpu; set resources.requests.cpu (require-cpu-request)
                 spec.template.spec.containers[0].resources.requests.cpu
        enforce  container "app": requests no memory; set resources.requests.memory
                 (require-memory-request)
                 spec.template.spec.containers[0].resources.requests.memory
        warn     container "app": env "TOKEN" is a literal value; use valueFrom.secretKeyRef
                 (no-secrets-in-env)
                 spec.template.spec.containers[0].env[0].value
        warn     container "app": may be root, its image decides; set runAsNonRoot: true (and runAsUser
                 for an image built as root) (run-as-non-root)
                 spec.template.spec.containers[0].securityContext.runAsNonRoot
        warn     container "app": keeps default capabilities; set capabilities.drop: [ALL] and add what it
                 needs (drop-all-capabilities)
                 spec.template.spec.containers[0].securityContext.capabilities.drop
        warn     container "app": has no memory limit; set resources.limits.memory (require-memory-limit)
                 spec.template.spec.containers[0].resources.limits.memory
        recorded only: explicit-user-and-group, no-service-account-token, read-only-root-filesystem
        repaired (can change behavior): no-privilege-escalation, require-seccomp-profile

      Pod preview-blocked/tool: allowed
        warn     container "app": may be root, its image decides; set runAsNonRoot: true (and runAsUser
                 for an image built as root) (run-as-non-root)
                 spec.containers[0].securityContext.runAsNonRoot
        warn     container "app": keeps default capabilities; set capabilities.drop: [ALL] and add what it
                 needs (drop-all-capabilities)
                 spec.containers[0].securityContext.capabilities.drop
        warn     container "app": has no memory limit; set resources.limits.memory (require-memory-limit)
                 spec.containers[0].resources.limits.memory
        warn     no controller replaces this Pod when its node fails; use a Deployment, StatefulSet or Job
                 (no-bare-pods)
                 metadata.ownerReferences
        recorded only: explicit-user-and-group, no-service-account-token, read-only-root-filesystem
        repaired (can change behavior): no-privilege-escalation, require-seccomp-profile

      2 subjects: 1 denied; findings: 2 enforce, 8 warn, 8 audit; 4 repaired at admission
      Why and how: podwright explain require-cpu-request
      ",
      }
    `);
  });

  test('has the exit codes of audit, and takes a policy', async () => {
    const policy = await file('none.yaml', 'apiVersion: podwright.dev/v1alpha1\nkind: Policy\nextends: none\n');
    const clean = await podwright(['audit', '--cluster', '-n', blocked, '--policy', policy, '-o', 'json']);
    expect(clean).toMatchObject({ code: 0, stderr: `policy: ${policy}\n` });
    expect(JSON.parse(clean.stdout)).toMatchObject({ version: 1, summary: { subjects: 2, denied: 0 } });
    expect(await podwright(['audit', '--cluster', '-n', blocked, '--fail-on', 'never'])).toMatchObject({ code: 0 });
    expect(await podwright(['audit', '--cluster', '-n', ready, '--fail-on', 'warn'])).toMatchObject({ code: 1 });
  });

  test('skips namespaces that the webhooks exclude, unless requested', async () => {
    const namespacesOf = async (...more: string[]): Promise<Set<string>> => {
      const { stdout } = await podwright(['audit', '--cluster', '-o', 'json', ...more]);
      const { subjects } = JSON.parse(stdout) as { subjects: { namespace: string }[] };
      return new Set(subjects.map(({ namespace }) => namespace));
    };
    const system = kubectlOf('kube-system');
    await system.create(deployment('preview', 0));
    expect(await namespacesOf()).not.toContain('kube-system');
    expect(await namespacesOf('--include-excluded')).toContain('kube-system');
    await wanted(system('delete', 'deployment', 'preview'));
  });
});

describe('a cluster that cannot be read', () => {
  const told = async (config: string, ...args: string[]): Promise<string> => {
    const { code, stdout, stderr } = await podwright(['preview', ...args], await file('other', config));
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    return stderr.replaceAll(commandLine.directory, '').replaceAll(/:\d{4,}/g, ':PORT');
  };
  const config = (): string => inject('kubeconfig');

  test('because the context does not exist', async () => {
    expect(await told(config(), '--context', 'nope')).toMatchInlineSnapshot(`
      "the credentials for the API server cannot be read: /other has no context "nope" (it has "default"); name one of these with --context
      "
    `);
  });

  test('because the namespace does not exist', async () => {
    expect(await told(config(), '-n', 'nope')).toMatchInlineSnapshot(`
      "the cluster has no namespace "nope"
      "
    `);
  });

  test('because no server listens', async () => {
    expect(await told(config().replace(/server: .*/, 'server: https://127.0.0.1:1'))).toMatchInlineSnapshot(`
      "the API server at https://127.0.0.1:1 cannot be reached: connect ECONNREFUSED 127.0.0.1:1; is the cluster up, and is this the right context? (--context)
      "
    `);
  });

  test('because its certificate has an unknown CA', async () => {
    const untrusting = parse(config()) as { clusters: { cluster: { 'certificate-authority-data'?: string } }[] };
    for (const { cluster } of untrusting.clusters) delete cluster['certificate-authority-data'];
    expect(await told(stringify(untrusting))).toMatchInlineSnapshot(`
      "the API server at https://127.0.0.1:PORT cannot be reached: unable to verify the first certificate; the kubeconfig's certificate authority must match its server
      "
    `);
  });

  test('because it rejects the credentials', async () => {
    const unknown = parse(config()) as { users: { user: object }[] };
    for (const entry of unknown.users) entry.user = { token: 'unknown' };
    expect(await told(stringify(unknown))).toMatchInlineSnapshot(`
      "the API server rejected your credentials (401 Unauthorized); log in to the cluster again, or select another context with --context
      "
    `);
  });
});
