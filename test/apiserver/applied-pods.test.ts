import { beforeAll, expect, test } from 'vitest';
import { type Kubectl, kubectlIn } from './support/kubectl.ts';
import { pod, startPodwright } from './support/podwright.ts';

const namespace = 'applied-pods';
let kubectl: Kubectl;

beforeAll(async () => {
  kubectl = await kubectlIn(namespace);
  const podwright = await startPodwright();
  return podwright.stop;
});

interface Stored {
  readonly spec: {
    readonly terminationGracePeriodSeconds: number;
    readonly containers: readonly { readonly lifecycle?: object }[];
  };
}

const ports = [{ name: 'http', containerPort: 8080 }];
const drop = { securityContext: { runAsUser: 1000, capabilities: { drop: ['NET_RAW'] } } };

test.each([
  { what: 'a default', name: 'default', grace: undefined, stored: 30, hook: true },
  { what: 'the default, written', name: 'written', grace: 30, stored: 30, hook: true },
  { what: 'a long time', name: 'long', grace: 60, stored: 60, hook: true },
  { what: 'a short time', name: 'short', grace: 15, stored: 15, hook: false },
])(
  'a Pod with $what to stop can be applied twice, client-side and server-side',
  async ({ name, grace, stored, hook }) => {
    const spec = grace === undefined ? {} : { terminationGracePeriodSeconds: grace };
    for (const side of [[], ['--server-side']]) {
      const applied = pod(`${name}${side.length}`, { spec, container: { ports, ...drop } });
      const apply = () => kubectl.send(applied, 'apply', ...side, '-f', '-');
      expect((await apply()).code).toBe(0);
      const before = await kubectl.get<Stored>('pod', applied.metadata.name);
      const [container] = before.spec.containers;
      expect([before.spec.terminationGracePeriodSeconds, container?.lifecycle !== undefined]).toEqual([stored, hook]);
      expect((await apply()).code).toBe(0);
      const after = await kubectl.get<Stored>('pod', applied.metadata.name);
      expect(after.spec).toEqual(before.spec);
    }
  },
);

test('a time of deletion that its author writes does not keep a Pod from being repaired', async () => {
  const metadata = { deletionTimestamp: '2026-01-01T00:00:00Z', deletionGracePeriodSeconds: 0 };
  const created = await kubectl.create(pod('forged-deletion', { metadata }), '--dry-run=server');
  expect(created.metadata.annotations?.['podwright.dev/fixed']).toContain('no-privilege-escalation');
});
