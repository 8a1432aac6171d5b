import { Readable } from 'node:stream';
import { plain } from '../../../src/cli/output/paint.ts';
import { previewHtml } from '../../../src/cli/page/preview-page.ts';
import { runAudit } from '../../../src/cli/run-audit.ts';
import { defaultPolicy } from '../../../src/policy/default-policy.ts';
import { rules } from '../../../src/rules/index.ts';
import { exemption, previewed, running } from '../../support/previewed.ts';

const env = [{ name: 'TOKEN', value: 'hunter2' }];
const resources = { requests: { cpu: '100m', memory: '128Mi' }, limits: { memory: '128Mi' } };
const container = { name: 'app', image: 'registry.example/app:1', env };
const hardened = {
  name: 'app',
  image: 'registry.example/app:1',
  resources,
  securityContext: {
    allowPrivilegeEscalation: false,
    runAsNonRoot: true,
    runAsUser: 1000,
    capabilities: { drop: ['ALL'] },
  },
};

/** Up to eight workloads in each namespace: some are refused, most repaired, and one has a name as long as can be. */
const objects = Array.from({ length: 60 }, (_, index) => {
  const namespace = `team-${String(index).padStart(2, '0')}`;
  return Array.from({ length: 8 }, (__, number) => {
    const name = number === 0 ? `w${'ord'.repeat(20)}` : `app-${number}`;
    const isRefused = index % 3 === 0 && number <= index % 5;
    return running('Deployment', `${namespace}/${name}`, {
      containers: [isRefused && number % 2 === 0 ? container : hardened],
      ...(isRefused && { hostNetwork: true }),
    });
  });
}).flat(2);

/** The preview of 480 workloads in 60 namespaces. */
export function previewPage(): string {
  const policy = {
    ...defaultPolicy(rules),
    exemptions: [exemption('known', ['no-host-network'], { workloads: ['Deployment/app-3'] })],
  };
  return previewHtml(previewed(objects, policy), {
    diff: false,
    ceiling: 'enforce',
    written: { mode: 'audit', namespaces: [] },
    policy: 'ConfigMap podwright/podwright-policy',
    cluster: 'production',
    at: new Date('2026-11-28T18:45:00Z'),
    missing: ['not read: limitranges is forbidden'],
  });
}

/** The audit of some folders. */
export async function auditPage(): Promise<string> {
  const output = [{ format: 'html', file: undefined }] as const;
  const paths = ['test/cli/formats/manifests', 'test/cli/fixtures/web.yaml', 'examples/web.yaml'];
  const policy = 'test/cli/formats/manifests/policy.yaml';
  return (await runAudit(paths, { failOn: 'enforce', policy, output }, () => Readable.from([]), plain)).output;
}
