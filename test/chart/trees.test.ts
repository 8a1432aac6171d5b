import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { AuditOptions } from '../../src/cli/audit-options.ts';
import { plain } from '../../src/cli/output/paint.ts';
import { runAudit } from '../../src/cli/run-audit.ts';

const root = mkdtempSync(path.join(tmpdir(), 'podwright-trees-'));
afterAll(() => rmSync(root, { recursive: true }));

const testIfRendered = test.skipIf(
  ['kustomize', 'kubectl'].every((name) => spawnSync(name, ['--help'], { stdio: 'ignore' }).error !== undefined),
);

type Tree = Readonly<Record<string, string>>;

const container = (extra = ''): string => `      - name: app
        image: registry.example/web:2.1
        securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: [ALL] } }
        resources: { requests: { cpu: 100m, memory: 64Mi }, limits: { memory: 64Mi } }
${extra}`;

const deployment = (name: string, extra = ''): string => `apiVersion: apps/v1
kind: Deployment
metadata: { name: ${name} }
spec:
  selector: { matchLabels: { app: ${name} } }
  template:
    metadata: { labels: { app: ${name} } }
    spec:
${extra}      securityContext: { runAsNonRoot: true, seccompProfile: { type: RuntimeDefault } }
      containers:
${container()}`;

const kustomization = (text: string): string =>
  `apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n${text}`;

const onHost = `apiVersion: apps/v1
kind: Deployment
metadata: { name: web }
spec: { template: { spec: { hostNetwork: true } } }
`;

const chart: Tree = {
  'Chart.yaml': 'apiVersion: v2\nname: web\nversion: 1.0.0\n',
  'values.yaml': 'hostNetwork: false\n',
  'templates/_helpers.tpl': '{{- define "web.name" -}}web{{- end }}\n',
  'templates/deployment.yaml': deployment(
    '{{ include "web.name" . }}',
    '      hostNetwork: {{ .Values.hostNetwork }}\n',
  ),
  'templates/tests/test.yaml':
    'apiVersion: v1\nkind: Pod\nmetadata: { name: t, annotations: { helm.sh/hook: test } }\nspec: { containers: [] }\n',
};

const below = (folder: string, tree: Tree): Tree =>
  Object.fromEntries(Object.entries(tree).map(([name, text]) => [`${folder}/${name}`, text]));

const trees: Readonly<Record<string, Tree>> = {
  plain: {
    'README.md': '# shop',
    'package.json': '{"name": "shop"}',
    'tsconfig.json': '{\n  // strict\n  "strict": true,\n}',
    '.github/workflows/ci.yml': 'on: push\njobs: {}\n',
    'docker-compose.yml': 'services: { web: { image: web } }\n',
    'playbook.yml': '- hosts: {{ hosts }}\n',
    'deploy/web.yaml': deployment('web'),
    'deploy/service.yaml': 'apiVersion: v1\nkind: Service\nmetadata: { name: web }\nspec: {}\n',
    'deploy/bad.yaml': deployment('bad', '      hostNetwork: true\n'),
  },
  kustomize: {
    'base/kustomization.yaml': kustomization('resources: [web.yaml]\n'),
    'base/web.yaml': deployment('web'),
    'components/host/kustomization.yaml':
      'apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\npatches: [{ path: host.yaml }]\n',
    'components/host/host.yaml': onHost,
    'overlays/dev/kustomization.yaml': kustomization('namePrefix: dev-\nnamespace: dev\nresources: [../../base]\n'),
    'overlays/prod/kustomization.yaml': kustomization(
      'nameSuffix: -blue\nnamespace: prod\nresources: [../../base]\ncomponents: [../../components/host]\npatches: [{ path: replicas.yaml }]\n',
    ),
    'overlays/prod/replicas.yaml':
      'apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: web }\nspec: { replicas: 3 }\n',
  },
  flux: {
    'clusters/prod/flux-system/kustomization.yaml': kustomization('resources: [gotk-sync.yaml]\n'),
    'clusters/prod/flux-system/gotk-sync.yaml':
      'apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: { name: flux-system }\nspec: { path: ./clusters/prod }\n',
    'clusters/prod/apps.yaml':
      'apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: { name: apps }\nspec: { path: ./apps/prod, patches: [{ patch: "kind: Deployment" }] }\n',
    'apps/base/web/kustomization.yaml': kustomization('resources: [release.yaml, web.yaml]\n'),
    'apps/base/web/release.yaml':
      'apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: { name: redis }\nspec: { chart: {} }\n',
    'apps/base/web/web.yaml': deployment('web'),
    'apps/prod/kustomization.yaml': kustomization(
      'namespace: shop\nresources: [../base/web]\npatches: [{ path: values.yaml }]\n',
    ),
    'apps/prod/values.yaml':
      'apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: { name: redis }\nspec: { values: { a: 1 } }\n',
  },
  'argo-cd': {
    'apps/root.yaml':
      'apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: { name: root }\nspec: { source: { path: workloads/web } }\n',
    'apps/set.yaml':
      "apiVersion: argoproj.io/v1alpha1\nkind: ApplicationSet\nmetadata: { name: all }\nspec: { template: { metadata: { name: '{{path}}' } } }\n",
    'workloads/web/rollout.yaml': deployment('web').replace(
      'apps/v1\nkind: Deployment',
      'argoproj.io/v1alpha1\nkind: Rollout',
    ),
    'workloads/api/kustomization.yaml': kustomization('resources: [api.yaml]\n'),
    'workloads/api/api.yaml': deployment('api', '      hostNetwork: true\n'),
  },
  monorepo: {
    'services/web/package.json': '{"name": "web"}',
    ...below('services/web/chart', chart),
    ...below('charts/lib', { 'Chart.yaml': 'apiVersion: v2\nname: lib\nversion: 1.0.0\ntype: library\n' }),
    ...below('charts/needy', {
      'Chart.yaml': 'apiVersion: v2\nname: needy\nversion: 1.0.0\n',
      'templates/x.yaml': 'kind: {{ required "kind is needed" .Values.kind }}\n',
    }),
    'charts/values-prod.yaml': 'hostNetwork: true\nkind: Role\n',
  },
  umbrella: {
    ...below('shop', {
      'Chart.yaml':
        'apiVersion: v2\nname: umbrella\nversion: 1.0.0\ndependencies: [{ name: redis, version: 1.0.0, repository: "https://example.com" }]\n',
    }),
    'web.yaml': deployment('web'),
  },
  broken: Object.fromEntries(
    Object.entries({
      parse: { 'templates/x.yaml': '{{ if }}\n' },
      version: { 'Chart.yaml': 'kubeVersion: "<1.2.0"\n' },
      yaml: { 'templates/x.yaml': 'kind: [\n' },
    }).flatMap(([name, own]: [string, Tree]) => [
      ...Object.entries(below(name, own)).filter(([file]) => !file.endsWith('Chart.yaml')),
      [`${name}/Chart.yaml`, `apiVersion: v2\nname: ${name}\nversion: 1.0.0\n${own['Chart.yaml'] ?? ''}`],
    ]),
  ),
  commented: {
    'chart/Chart.yaml': 'apiVersion: v2\nname: chart\nversion: 1.0.0\n',
    'chart/templates/web.yaml': `{{- $name := "web" }}\n${deployment(
      '{{ $name }}',
      '      hostNetwork: true # podwright-ignore no-host-network: a\n      hostPID: true\n      hostIPC: false # podwright-ignore no-host-ipc: b\n',
    )}`,
    'patched/kustomization.yaml': kustomization(
      'resources: [web.yaml]\npatches: [{ path: line.yaml }, { path: all.yaml }]\n',
    ),
    'patched/web.yaml': deployment('web'),
    'patched/line.yaml': onHost.replace(
      'spec: { template: { spec: { hostNetwork: true } } }',
      'spec:\n  template:\n    spec:\n      hostNetwork: true # podwright-ignore no-host-network: a\n      hostIPC: true\n      terminationGracePeriodSeconds: 40 # podwright-ignore no-host-pid: nothing\n',
    ),
    'patched/all.yaml': `# podwright-ignore no-host-ipc: b\n${onHost.replace('hostNetwork', 'hostPID')}`,
  },
  aimed: {
    'Chart.yaml': 'apiVersion: v2\nname: aimed\nversion: 1.0.0\n',
    'templates/web.yaml': deployment('web-{{ .Release.Namespace }}-{{ .Capabilities.KubeVersion.Minor }}'),
  },
};

beforeAll(() => {
  for (const [name, tree] of Object.entries(trees))
    for (const [file, text] of Object.entries(tree)) {
      const full = path.join(root, name, file);
      mkdirSync(path.dirname(full), { recursive: true });
      writeFileSync(full, text);
    }
});

/** The places of what is denied, what is said besides, and the exit code. */
async function audited(name: string, options: Partial<AuditOptions> = {}) {
  const { output, messages, exitCode } = await runAudit(
    [path.join(root, name)],
    { failOn: 'enforce', config: false, ...options, output: [{ format: 'json', file: undefined }] },
    () => Readable.from([]),
    plain,
  );
  const { subjects } = JSON.parse(output) as {
    subjects: {
      file: string;
      line: number;
      kind: string;
      namespace: string | null;
      name: string;
      findings: {
        rule: string;
        mode: string;
        fixed: boolean;
        exempt: string | null;
        file?: string;
        line: number;
        column: number;
      }[];
    }[];
  };
  const short = (text: string): string => text.replaceAll(`${root}/${name}/`, '').replaceAll(`${root}/${name}`, '.');
  return {
    exitCode,
    messages: messages.map(short),
    subjects: subjects.map((subject) => {
      const denied = subject.findings.filter(
        ({ mode, fixed, exempt }) => mode === 'enforce' && !fixed && exempt === null,
      );
      const places = denied.map(
        ({ rule, file, line, column }) => ` ${rule} ${file === undefined ? '' : `${short(file)}:`}${line}:${column}`,
      );
      const title = `${subject.namespace === null ? '' : `${subject.namespace}/`}${subject.name}`;
      return `${short(subject.file)}:${subject.line} ${subject.kind} ${title}${places.join()}`;
    }),
  };
}

describe('podwright audit at the root of a repository', () => {
  test('plain manifests beside what is for other programs', async () => {
    expect(await audited('plain')).toEqual({
      exitCode: 1,
      messages: [],
      subjects: ['deploy/bad.yaml:1 Deployment bad no-host-network 9:7', 'deploy/web.yaml:1 Deployment web'],
    });
    expect((await audited('plain', { verbose: true })).messages).toEqual([
      'deploy/service.yaml:1:1: skipped Service web: it creates no Pods',
      'docker-compose.yml:1:1: skipped a document: it has no apiVersion and kind',
      'package.json:1:1: skipped a document: it has no apiVersion and kind',
      'playbook.yml: skipped: it is not YAML, and not for Kubernetes',
      'tsconfig.json:1:1: skipped a document: it has no apiVersion and kind',
    ]);
  });

  testIfRendered('bases, components and overlays of Kustomize: what they make, where it is written', async () => {
    expect(await audited('kustomize')).toEqual({
      exitCode: 1,
      messages: [],
      subjects: [
        'base/web.yaml:1 Deployment dev/dev-web',
        'base/web.yaml:1 Deployment prod/web-blue no-host-network components/host/host.yaml:4:29',
      ],
    });
  });

  testIfRendered('Flux', async () => {
    expect(await audited('flux')).toEqual({
      exitCode: 0,
      messages: [],
      subjects: ['apps/base/web/web.yaml:1 Deployment shop/web'],
    });
  });

  testIfRendered('Argo CD', async () => {
    expect(await audited('argo-cd')).toEqual({
      exitCode: 1,
      messages: [],
      subjects: [
        'workloads/web/rollout.yaml:1 Rollout web',
        'workloads/api/api.yaml:1 Deployment api no-host-network 9:7',
      ],
    });
  });

  test('a monorepo with charts', async () => {
    expect(await audited('monorepo')).toEqual({
      exitCode: 0,
      messages: [
        'charts/needy/Chart.yaml: skipped: it needs values (--values FILE): execution error at (needy/templates/x.yaml:1:9): kind is needed',
      ],
      subjects: ['services/web/chart/templates/deployment.yaml:2 Deployment web'],
    });
    expect(await audited('monorepo', { values: [path.join(root, 'monorepo/charts/values-prod.yaml')] })).toEqual({
      exitCode: 1,
      messages: [],
      subjects: ['services/web/chart/templates/deployment.yaml:2 Deployment web no-host-network 2:1'],
    });
  });

  test('a chart without its dependencies, which is a problem only where it is named', async () => {
    expect(await audited('umbrella')).toEqual({
      exitCode: 0,
      messages: [
        'shop/Chart.yaml: skipped: it needs charts that are not fetched: redis; run: helm dependency build shop',
      ],
      subjects: ['web.yaml:1 Deployment web'],
    });
    expect((await audited('umbrella/shop')).exitCode).toBe(2);
  });

  test('charts that are broken rather than without values', async () => {
    const { exitCode, messages } = await audited('broken');
    const problem = ': cannot be rendered: ';
    expect({ exitCode, charts: messages.map((message) => message.split(problem, 1).join()) }).toEqual({
      exitCode: 2,
      charts: ['parse', 'version', 'yaml'].map((name) => `${name}/Chart.yaml`),
    });
  });

  testIfRendered('ignore comments in templates and patches', async () => {
    expect(await audited('commented')).toEqual({
      exitCode: 1,
      messages: [
        'patched/line.yaml:9:41: the comment ignores no-host-pid, which finds nothing there; remove the comment',
        'chart/templates/web.yaml:12:22: the comment ignores no-host-ipc, which finds nothing there; remove the comment',
      ],
      subjects: [
        'patched/web.yaml:1 Deployment web no-host-pid patched/all.yaml:5:29',
        'chart/templates/web.yaml:3 Deployment web no-host-pid 3:1',
      ],
    });
  });

  test('a chart for a namespace and a version of Kubernetes', async () => {
    const { subjects } = await audited('aimed', { namespace: 'shop', kubernetesVersion: 30 });
    expect(subjects).toEqual(['templates/web.yaml:2 Deployment web-shop-30']);
  });

  test('without the programs one line says what to do', async () => {
    const { PATH } = process.env;
    process.env['PATH'] = '/nonexistent';
    try {
      expect(await audited('kustomize')).toEqual({
        exitCode: 0,
        messages: [
          'overlays/dev/kustomization.yaml and 1 more: skipped: neither kustomize nor kubectl is on PATH; render it first: kubectl kustomize FOLDER | podwright audit -',
        ],
        subjects: [],
      });
      expect(await audited('monorepo')).toEqual({
        exitCode: 0,
        messages: [
          'charts/needy/Chart.yaml and 1 more: skipped: helm is not on PATH; render it first: helm template FOLDER | podwright audit -',
        ],
        subjects: [],
      });
    } finally {
      process.env['PATH'] = PATH;
    }
  });

  testIfRendered('a kustomization that cannot be rendered is a problem', async () => {
    writeFileSync(
      path.join(root, 'kustomize/overlays/dev/kustomization.yaml'),
      kustomization('resources: [none.yaml]\n'),
    );
    const { exitCode, messages } = await audited('kustomize');
    expect(exitCode).toBe(2);
    expect(messages).toEqual([
      expect.stringMatching(/^overlays\/dev\/kustomization.yaml: cannot be rendered: .*none.yaml/),
    ]);
  });
});
