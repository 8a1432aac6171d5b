import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { hasPrometheus } from '../prometheus/support/prometheus-program.ts';
import { only, render } from './support/helm.ts';

interface PrometheusRule {
  readonly spec: { readonly groups: readonly { readonly rules: readonly { readonly alert: string }[] }[] };
}

/** A file that promtool evaluates. */
interface AlertTests {
  readonly tests: readonly {
    readonly alert_rule_test: readonly { readonly alertname: string; readonly exp_alerts?: readonly object[] }[];
  }[];
}

const cases = join(import.meta.dirname, 'alerts');
const { spec } = only<PrometheusRule>(render({ monitoring: { alerts: true } }), 'PrometheusRule');
const alerts = spec.groups.flatMap(({ rules }) => rules.map(({ alert }) => alert));

test('every alert has tests of its own', () => {
  expect(readdirSync(cases).toSorted()).toEqual(alerts.map((alert) => `${alert}.yaml`).toSorted());
});

describe.each(alerts)('%s', (alert) => {
  const { tests } = parse(readFileSync(join(cases, `${alert}.yaml`), 'utf8')) as AlertTests;

  test('is tested before it fires, while it fires, and after', () => {
    const evaluations = tests.map((each) => each.alert_rule_test);
    expect(new Set(evaluations.flat().map(({ alertname }) => alertname))).toEqual(new Set([alert]));
    const fires = evaluations.map((each) => each.map((at) => (at.exp_alerts === undefined ? '-' : 'x')).join(''));
    expect(fires).toContainEqual(expect.stringMatching(/^-+x+-+$/));
    expect(fires).toContainEqual(expect.stringMatching(/^-+$/));
  });
});

describe.skipIf(!hasPrometheus)('by Prometheus', () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'podwright-alerts-'));
    cpSync(cases, folder, { recursive: true });
    writeFileSync(join(folder, 'alerts.yaml'), JSON.stringify(spec));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const promtool = (...args: string[]) => {
    const { status, stdout, stderr } = spawnSync('promtool', args, { cwd: folder, encoding: 'utf8' });
    return { status, output: `${stdout}${stderr}` };
  };

  test('the rules are valid', () => {
    expect(promtool('check', 'rules', 'alerts.yaml')).toEqual({
      status: 0,
      output: expect.stringContaining(`SUCCESS: ${alerts.length} rules found`),
    });
  });

  test.each(alerts)('%s fires and resolves as its file says', (alert) => {
    const file = basename(join(cases, `${alert}.yaml`));
    expect(promtool('test', 'rules', file)).toEqual({ status: 0, output: expect.stringContaining('SUCCESS') });
  });
});
