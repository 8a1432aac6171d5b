import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { V1Service } from '@kubernetes/client-node';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { only, render, renderText } from './support/helm.ts';

const page = readFileSync(join(import.meta.dirname, '../../docs/client-certificates.md'), 'utf8');
const [config, kubeconfig, values] = [...page.matchAll(/^```yaml\n(.*?)^```$/gms)].map(
  ([, block = '']) => parse(block) as unknown,
);

test('the page has the API server present its certificate to the Service of the chart', () => {
  const { metadata } = only<V1Service>(render(), 'Service');
  const plugins = ['MutatingAdmissionWebhook', 'ValidatingAdmissionWebhook'].map((name) => ({ name }));
  expect(config).toMatchObject({ kind: 'AdmissionConfiguration', plugins });
  expect(kubeconfig).toMatchObject({ users: [{ name: `${metadata?.name}.${metadata?.namespace}.svc` }] });
});

test('the page has the chart ask for the certificate, and not any more', () => {
  const asked = renderText(values as object);
  expect(asked).toContain('- --client-ca=/etc/podwright-clients/ca.crt\n');
  expect(asked).toContain('- "--client-name=kube-apiserver-kubelet-client"\n');
  const back = /`--set (clientCertificates\.configMap=,clientCertificates\.names=null)`/.exec(page);
  expect(back).not.toBeNull();
  expect(renderText({ clientCertificates: { configMap: '', names: null } })).not.toContain('--client-');
});
