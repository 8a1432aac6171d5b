import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { helms } from '../chart/support/helm.ts';
import { definitionsOf, hasDefinitions } from '../support/neighbor-definitions.ts';
import { type ChartedProgram, startCharted } from './support/charted-program.ts';
import { inNode, kubectlIn, wanted } from './support/kubectl.ts';
import { deployment } from './support/podwright.ts';
import { until } from './support/until.ts';

const definitions = (): string => definitionsOf('openreports.io_reports', 'argoproj.io_rollouts');

describe.skipIf(helms.length === 0 || !hasDefinitions)('with only the permissions of the chart', () => {
  let program: ChartedProgram;

  beforeAll(async () => {
    await wanted(inNode(['kubectl', 'create', '-f', '-'], definitions()));
    await wanted(inNode(['kubectl', 'wait', '--for=condition=Established', '--timeout=60s', '-f', '-'], definitions()));
    const apart = await kubectlIn('rights');
    await wanted(apart.send(deployment('web', 0), 'create', '-f', '-'));
    program = await startCharted({ reports: { enabled: true }, logLevel: 'info' });
  });
  afterAll(async () => {
    await program?.remove();
    await wanted(inNode(['kubectl', 'delete', '-f', '-'], definitions()));
    await wanted(inNode(['kubectl', 'delete', 'namespace', 'rights']));
  });

  test('the program watches namespaces, leads, creates its certificate, scans all kinds and reports', async () => {
    const { lines, kubectl } = program;
    await until('a scan', async () => lines.some(({ event }) => event === 'scan'), 60);
    expect(lines.find(({ event }) => event === 'scan')).toMatchObject({
      msg: 'scanned the cluster',
      unreadable: [],
    });
    expect(lines.filter(({ level }) => level !== 'info')).toEqual([]);
    const { items } = await kubectl.get<{ items: readonly { scope: object }[] }>(
      'reports.openreports.io',
      '--namespace=rights',
    );
    expect(items.map(({ scope }) => scope)).toMatchObject([{ kind: 'Deployment', name: 'web' }]);
    const { data } = await kubectl.get<{ data: object }>('secret/podwright-certificate');
    expect(Object.keys(data)).toContain('tls.crt');
  });
});
