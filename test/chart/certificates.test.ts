import type { V1Secret } from '@kubernetes/client-node';
import { describe, expect, test } from 'vitest';
import { only, type Rendered, refusal, render, renderText } from './support/helm.ts';

const certManager = { certificates: { mode: 'cert-manager' } };
const existing = {
  certificates: { mode: 'existing-secret', existingSecret: { name: 'mine', caBundle: 'Q0E=' } },
};

const kindsOf = (objects: readonly Rendered[]): string[] => objects.map(({ kind }) => kind).toSorted();

describe('self-managed', () => {
  test('Helm owns neither what is in the Secret nor in the Lease, so that no upgrade can empty them', () => {
    const objects = render();
    const { data, stringData, type, metadata } = only<V1Secret>(objects, 'Secret');
    expect([data, stringData, type]).toEqual([undefined, undefined, 'Opaque']);
    expect(metadata?.labels).toMatchObject({ 'podwright.dev/managed-by': 'podwright' });
    expect(only(objects, 'Lease')).not.toHaveProperty('spec');
    expect(renderText()).not.toContain('caBundle');
  });

  test('two renderings are equal: nothing is random', () => {
    expect(renderText()).toBe(renderText());
  });
});

describe.each([
  ['cert-manager', certManager],
  ['existing-secret', existing],
])('%s', (_, values) => {
  test('the program reads files', () => {
    const text = renderText(values);
    expect(text).toContain('--tls-cert=/etc/podwright-certificate/tls.crt');
    expect(text).not.toContain('--certificate-secret');
  });
});

test('cert-manager makes the certificate and injects its authority', () => {
  const objects = render(certManager);
  const injected = { 'cert-manager.io/inject-ca-from': 'podwright-system/podwright-certificate' };
  expect(only(objects, 'MutatingWebhookConfiguration').metadata.annotations).toEqual(injected);
  expect(only(objects, 'ValidatingWebhookConfiguration').metadata.annotations).toEqual(injected);
  expect(only(objects, 'Certificate', 'podwright-certificate')).toMatchObject({
    spec: {
      secretName: 'podwright-certificate',
      dnsNames: ['podwright.podwright-system.svc'],
      issuerRef: { kind: 'Issuer', name: 'podwright-authority' },
    },
  });
  expect(kindsOf(objects).filter((kind) => ['Issuer', 'Certificate', 'Secret'].includes(kind))).toEqual([
    'Certificate',
    'Certificate',
    'Issuer',
    'Issuer',
  ]);
});

test('cert-manager uses the issuer that is given', () => {
  const issuerRef = { kind: 'ClusterIssuer', name: 'corporate' };
  const objects = render({ certificates: { mode: 'cert-manager', certManager: { issuerRef } } });
  expect(only(objects, 'Certificate')).toMatchObject({ spec: { issuerRef } });
  expect(kindsOf(objects)).not.toContain('Issuer');
});

test('a Secret of yours needs its name and its authority', () => {
  expect(only(render(existing), 'MutatingWebhookConfiguration')).toMatchObject({
    webhooks: [{ clientConfig: { caBundle: 'Q0E=' } }],
  });
  const mode = 'existing-secret';
  expect(refusal({ certificates: { mode, existingSecret: { caBundle: 'Q0E=' } } })).toContain(
    'certificates.existingSecret.name is required when certificates.mode is existing-secret',
  );
  expect(refusal({ certificates: { mode, existingSecret: { name: 'mine' } } })).toContain(
    'the API server needs a CA to trust: set certificates.existingSecret.caBundle',
  );
});
