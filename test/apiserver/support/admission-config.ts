import { makeClientAuthority } from '../../support/client-authority.ts';

/** A file of the node. */
interface NodeFile {
  readonly target: string;
  readonly content: string;
  readonly mode?: number;
}

/** The common name of the certificate that the API server presents to webhooks. */
export const apiServerName = 'podwright-test-api-server';

const folder = '/etc/kubernetes/admission';
const flag = `admission-control-config-file=${folder}/config.yaml`;
const plugin = (name: string) => ({
  name,
  configuration: {
    apiVersion: 'apiserver.config.k8s.io/v1',
    kind: 'WebhookAdmissionConfiguration',
    kubeConfigFile: `${folder}/kubeconfig.yaml`,
  },
});
const config = {
  apiVersion: 'apiserver.config.k8s.io/v1',
  kind: 'AdmissionConfiguration',
  plugins: [plugin('MutatingAdmissionWebhook'), plugin('ValidatingAdmissionWebhook')],
};

/** What makes the API server of a node present a client certificate to every webhook that asks for one. */
export async function admissionConfig(): Promise<{
  /** The authority of the certificate. */
  readonly clientCa: string;
  /** The argument for K3s. */
  readonly argument: string;
  readonly files: NodeFile[];
}> {
  const { ca, issue } = await makeClientAuthority('podwright test control plane');
  const { cert, key } = await issue(apiServerName, { hours: 24 });
  const user = { 'client-certificate': `${folder}/client.crt`, 'client-key': `${folder}/client.key` };
  const kubeconfig = { apiVersion: 'v1', kind: 'Config', users: [{ name: '*', user }] };
  return {
    clientCa: ca,
    argument: `--kube-apiserver-arg=${flag}`,
    files: [
      { target: `${folder}/config.yaml`, content: JSON.stringify(config) },
      { target: `${folder}/kubeconfig.yaml`, content: JSON.stringify(kubeconfig) },
      { target: `${folder}/client.crt`, content: cert },
      { target: `${folder}/client.key`, content: key },
      // For a node that runs kube-apiserver as a program of its own: this one is found before it.
      {
        target: '/usr/local/sbin/kube-apiserver',
        content: `#!/bin/sh\nexec /usr/local/bin/kube-apiserver --${flag} "$@"\n`,
        mode: 0o755,
      },
    ],
  };
}
