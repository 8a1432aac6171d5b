import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { policySchema } from '../../src/policy/schema.ts';
import { sampleRules } from './sample-rules.ts';

const schema = policySchema(sampleRules);
const ajv = new Ajv({ strict: true, allowUnionTypes: true, formats: { quantity: true, day: true } });
const validate = ajv.compile(schema);
const head = { apiVersion: 'podwright.dev/v1alpha1', kind: 'Policy' };

describe('policySchema', () => {
  it('is plain data of a valid schema', () => {
    expect(ajv.validateSchema(schema)).toBe(true);
    expect(JSON.parse(JSON.stringify(schema))).toEqual(schema);
  });

  it('holds for each rule what the rule declares', () => {
    expect(schema.properties?.['rules']?.properties?.['pre-stop-sleep']).toMatchInlineSnapshot(`
      {
        "additionalProperties": false,
        "description": "The summary.",
        "properties": {
          "fix": {
            "default": true,
            "description": "Whether its findings are repaired. It adds a hook.",
            "type": "boolean",
          },
          "mode": {
            "default": "warn",
            "description": "The action on its findings.",
            "enum": [
              "off",
              "audit",
              "warn",
              "enforce",
              false,
            ],
          },
          "options": {
            "additionalProperties": false,
            "description": "Options of the rule.",
            "properties": {
              "exec": {
                "default": false,
                "description": "Whether exec will do.",
                "type": "boolean",
              },
              "ignoredPorts": {
                "default": [
                  "a",
                  "b",
                ],
                "description": "Port names.",
                "items": {
                  "minLength": 1,
                  "type": "string",
                },
                "type": "array",
              },
              "seconds": {
                "default": 10,
                "description": "How long.",
                "maximum": 300,
                "minimum": 1,
                "type": "integer",
              },
            },
            "type": "object",
          },
        },
        "type": "object",
      }
    `);
    expect(Object.keys(schema.properties?.['rules']?.properties?.['no-host-path']?.properties ?? {})).toEqual(['mode']);
  });

  it('gives no defaults to settings in a namespace, where the policy decides', () => {
    const { rules } = schema.properties?.['namespaces']?.items?.properties ?? {};
    expect(JSON.stringify(schema.properties?.['rules'])).toContain('"default":"warn"');
    expect(JSON.stringify(rules).match(/"default":(?!\{)/g)).toBeNull();
    expect(
      Object.keys(rules?.properties?.['require-memory-request']?.properties?.['options']?.properties ?? {}),
    ).toEqual(['default', 'minimum']);
  });

  it('describes every field', () => {
    const bare: string[] = [];
    const visit = (path: string, { description, items, properties = {} }: typeof schema): void => {
      if (description === undefined || description === '') bare.push(path);
      for (const [name, child] of Object.entries(properties)) visit(`${path}.${name}`, child);
      if (items?.properties !== undefined) visit(`${path}[]`, items);
    };
    visit('policy', schema);
    expect(bare).toEqual([]);
  });

  it.each([
    {},
    { extends: 'none', presetVersion: 1, kubernetesVersion: '1.28', mode: false, fixes: false, annotate: true },
    { kubernetesVersion: '1.100', workloads: 'off', existing: 'audit', controllers: 'warn' },
    { rules: { 'pre-stop-sleep': { mode: false, fix: true, options: { seconds: 300, ignoredPorts: [] } } } },
    { namespaces: [], exemptions: [], podTemplates: [] },
    { operators: ['system:serviceaccount:argo-rollouts:argo-rollouts'] },
    { namespaces: [{ match: { labels: { 'example.com/tier': '' } }, mode: false, fixes: true, rules: {} }] },
  ])('accepts %j', (fields) => {
    expect(validate({ ...head, ...fields })).toBe(true);
  });

  it.each([
    { kubernetesVersion: '1.27' },
    { kubernetesVersion: '1.36.3' },
    { kubernetesVersion: '2.30' },
    { kubernetesVersion: '1.028' },
    { fixes: 'off' },
    { mode: true },
    { extends: false },
    { presetVersion: 0 },
    { rules: { other: {} } },
    { rules: { 'no-host-path': { fix: true } } },
    { rules: { 'no-host-path': { options: {} } } },
    { rules: { 'pre-stop-sleep': 'warn' } },
    { rules: { 'pre-stop-sleep': { options: { seconds: 301 } } } },
    { kind: 'policy' },
    { namespaces: {} },
    { namespaces: [{ mode: 'warn' }] },
    { exemptions: [{ name: 'a' }] },
    { podTemplates: [{ kind: 'Worker' }] },
  ])('refuses %j', (fields) => {
    expect(validate({ ...head, ...fields })).toBe(false);
  });
});
