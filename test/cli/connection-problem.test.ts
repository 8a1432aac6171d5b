import { expect, test } from 'vitest';
import { connectionProblem } from '../../src/cli/connection-problem.ts';
import { ApiError } from '../../src/cluster/api/api-client.ts';

test.each([
  [
    'the credentials for the API server cannot be read: there is no kubeconfig at /home/ann/.kube/config',
    '; set KUBECONFIG, or get a kubeconfig for the cluster',
  ],
  ['/home/ann/.kube/config has no context "prod" (it has "dev")', '; name one of these with --context'],
  ['connect ECONNREFUSED 127.0.0.1:6443', '; is the cluster up, and is this the right context? (--context)'],
  [
    'getaddrinfo ENOTFOUND api.example',
    '; its name cannot be resolved; is this the right context (--context), and is the VPN up?',
  ],
  ['the API server did not answer within 30 s', '; is it reachable from here: VPN, proxy, firewall?'],
  ['certificate has expired', "; the kubeconfig's certificate authority must match its server"],
  ['the API server answered 500 Internal Server Error', ''],
])('%s: what to do', (message, advice) => {
  expect(connectionProblem(new ApiError(message))).toBe(`${message}${advice}`);
});

test('rejected credentials lead to advice to renew them', () => {
  expect(connectionProblem(new ApiError('Unauthorized', { status: 401 }))).toBe(
    'the API server rejected your credentials (401 Unauthorized); log in to the cluster again, or select another context with --context',
  );
});
