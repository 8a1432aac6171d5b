/** Advice for errors of the API server and the kubeconfig; the first match applies. */
const advice: readonly (readonly [RegExp, string])[] = [
  [/there is no kubeconfig|kubeconfig \S+ does not exist/, 'set KUBECONFIG, or get a kubeconfig for the cluster'],
  [/has no context/, 'name one of these with --context'],
  [/has no current context/, 'name one with --context'],
  [/ECONNREFUSED/, 'is the cluster up, and is this the right context? (--context)'],
  [/ENOTFOUND|EAI_AGAIN/, 'its name cannot be resolved; is this the right context (--context), and is the VPN up?'],
  [/ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|did not answer|Timeout/, 'is it reachable from here: VPN, proxy, firewall?'],
  [/certificate|self-signed|CERT_|altname/i, "the kubeconfig's certificate authority must match its server"],
];

/** Advice of Node.js that does not concern users. */
const aboutNode = /; if the root CA is installed locally.*/;

/** Why a cluster cannot be checked, and what to do, in one line. */
export function connectionProblem(error: unknown): string {
  const { message: said, status } = error as { readonly message: string; readonly status?: number };
  const message = said.replace(aboutNode, '');
  if (status === 401)
    return `the API server rejected your credentials (401 ${message}); log in to the cluster again, or select another context with --context`;
  const found = advice.find(([pattern]) => pattern.test(message));
  return found === undefined ? message : `${message}; ${found[1]}`;
}
