import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import type { Rule } from '../../src/engine/rule.ts';
import { type Preset, presetSettings, presets } from '../../src/policy/presets.ts';
import { sampleRules } from './sample-rules.ts';

function table(preset: Preset, presetVersion?: number): Record<string, unknown> {
  const settings = presetSettings(preset, sampleRules, presetVersion);
  return Object.fromEntries(settings.map(({ rule, mode, fix, options }) => [rule.id, [mode, fix, options]]));
}

const sleepOptions = { seconds: 10, ignoredPorts: ['a', 'b'], exec: false };
const requestOptions = { default: undefined, minimum: 'Burstable' };

describe('presetSettings', () => {
  it('recommended: the defaults of each rule', () => {
    expect(table('recommended')).toEqual({
      'pre-stop-sleep': ['warn', true, sleepOptions],
      'require-memory-request': ['enforce', false, requestOptions],
      'limit-capabilities': ['enforce', true, { allowed: ['CHOWN'] }],
      'no-host-path': ['off', false, {}],
    });
  });

  it('strict: everything enforced, with strict options', () => {
    expect(table('strict')).toEqual({
      'pre-stop-sleep': ['enforce', true, { ...sleepOptions, seconds: 20 }],
      'require-memory-request': ['enforce', false, requestOptions],
      'limit-capabilities': ['enforce', true, { allowed: ['CHOWN', 'KILL'] }],
      'no-host-path': ['enforce', false, {}],
    });
  });

  it('strict: the mode that a rule sets for it', () => {
    const besides = sampleRules.map((rule): Rule => ({ ...rule, needsNeighbors: true }));
    expect(presetSettings('strict', besides).map(({ mode }) => mode)).toEqual(besides.map(({ mode }) => mode));
    const optional = sampleRules.map((rule): Rule => ({ ...rule, strictMode: 'off' }));
    const modes = presets.map((preset) => presetSettings(preset, optional).map(({ mode }) => mode));
    expect(modes).toEqual([
      ['warn', 'enforce', 'enforce', 'off'],
      ['off', 'off', 'off', 'off'],
      ['off', 'off', 'enforce', 'off'],
      ['off', 'off', 'enforce', 'enforce'],
      ['off', 'off', 'off', 'off'],
    ]);
  });

  it('pss-baseline and pss-restricted: only their controls, and no fix', () => {
    const others = {
      'pre-stop-sleep': ['off', false, sleepOptions],
      'require-memory-request': ['off', false, requestOptions],
    };
    expect(table('pss-baseline')).toEqual({
      ...others,
      'limit-capabilities': ['enforce', false, { allowed: ['CHOWN', 'KILL'] }],
      'no-host-path': ['off', false, {}],
    });
    expect(table('pss-restricted')).toEqual({
      ...others,
      'limit-capabilities': ['enforce', false, { allowed: [] }],
      'no-host-path': ['enforce', false, {}],
    });
  });

  it('none: everything off', () => {
    expect(table('none')).toEqual({
      'pre-stop-sleep': ['off', false, sleepOptions],
      'require-memory-request': ['off', false, requestOptions],
      'limit-capabilities': ['off', false, { allowed: ['CHOWN', 'KILL'] }],
      'no-host-path': ['off', false, {}],
    });
  });

  it('lets rules that are newer than the pinned version act at most as audit', () => {
    const modesOf = (preset: Preset, version: number) =>
      Object.values(table(preset, version)).map((row) => (row as unknown[])[0]);
    expect(modesOf('recommended', 1)).toEqual(['warn', 'audit', 'enforce', 'off']);
    expect(modesOf('strict', 1)).toEqual(['enforce', 'audit', 'enforce', 'enforce']);
    expect(modesOf('none', 1)).toEqual(['off', 'off', 'off', 'off']);
    expect(modesOf('recommended', 2)).toEqual(['warn', 'enforce', 'enforce', 'off']);
  });
});

describe('what an import loads', () => {
  /** Packages in CommonJS, as yaml and ajv are, that importing the module brings in. */
  function packagesOf(module: string): string[] {
    const script = `
      import { createRequire } from 'node:module';
      await import(${JSON.stringify(new URL(`../../src/policy/${module}`, import.meta.url).href)});
      const files = Object.keys(createRequire(import.meta.url).cache);
      console.log(JSON.stringify([...new Set(files.map((file) => file.split('/node_modules/')[1].split('/')[0]))]));`;
    return JSON.parse(
      execFileSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' }),
    ) as string[];
  }

  const light = ['presets.ts', 'default-policy.ts', 'schema.ts', 'load.ts', 'validate.ts', 'built-in-validator.ts'];
  it.each(light)('%s: no package', (module) => {
    expect(packagesOf(module)).toEqual([]);
  });

  it('compile-validator.ts: ajv, so the question is not always answered with nothing', () => {
    expect(packagesOf('compile-validator.ts')).toContain('ajv');
  });
});
