// Sends a review of a privileged Pod to the webhook, as the API server does, and checks the verdict. The Service is called at
// its address, which needs no DNS; the certificate must be for its name. Asks again for a while: after a change of values
// it takes some seconds until all Pods have the new policy. Where callers need a client certificate it has none, and must be rejected.
import { existsSync, readFileSync } from 'node:fs';
import { request } from 'node:https';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';

const { HOST, PORT, SERVER_NAME, CA_BUNDLE, CA_FILE, EXPECTED, IS_STRANGER, PATIENCE = '120' } = process.env;
const deadline = performance.now() + Number(PATIENCE) * 1000;
const container = { name: 'app', image: 'registry.example/app:1.0', securityContext: { privileged: true } };
const about = { name: 'podwright-test', namespace: 'default' };

function authority() {
  if (CA_BUNDLE) return Buffer.from(CA_BUNDLE, 'base64');
  return existsSync(CA_FILE) ? readFileSync(CA_FILE) : undefined;
}

function reviewOf(uid) {
  return {
    apiVersion: 'admission.k8s.io/v1',
    kind: 'AdmissionReview',
    request: {
      uid,
      ...about,
      kind: { group: '', version: 'v1', kind: 'Pod' },
      resource: { group: '', version: 'v1', resource: 'pods' },
      operation: 'CREATE',
      userInfo: { username: 'podwright-test' },
      object: { apiVersion: 'v1', kind: 'Pod', metadata: about, spec: { containers: [container] } },
      oldObject: null,
      dryRun: true,
    },
  };
}

function post(body) {
  const options = {
    host: HOST,
    port: PORT,
    servername: SERVER_NAME,
    ca: authority(),
    path: '/validate?timeout=5s',
    method: 'POST',
    headers: { host: SERVER_NAME, 'content-type': 'application/json' },
    agent: false,
    timeout: 5_000,
  };
  return new Promise((resolve, reject) => {
    const sent = request(options, (answer) =>
      text(answer).then((received) => resolve({ status: answer.statusCode, received }), reject),
    );
    sent.on('timeout', () => sent.destroy(new Error('no answer within 5 s')));
    sent.on('error', reject);
    sent.end(body);
  });
}

// What is wrong, or undefined.
async function ask() {
  const uid = crypto.randomUUID();
  const { status, received } = await post(JSON.stringify(reviewOf(uid)));
  if (status !== 200) return `the answer is ${status}: ${received}`;
  const { response } = JSON.parse(received);
  const verdict = response.auditAnnotations?.verdict;
  if (response.uid !== uid) return `the answer is to another review: ${received}`;
  if (response.allowed !== (verdict !== 'deny')) return `the answer contradicts itself: ${received}`;
  if (EXPECTED && verdict !== EXPECTED) return `the verdict on a privileged Pod is ${verdict}, not ${EXPECTED}`;
  console.log(`${SERVER_NAME} answers; its verdict on a privileged Pod is ${verdict}`);
}

// What is wrong with the way in which a caller without a client certificate is met, or undefined.
async function intrude() {
  const outcome = await post('{}').catch((error) => error);
  if (outcome.code !== 'ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED')
    return `a caller without a client certificate is not rejected, but: ${outcome.message ?? outcome.status}`;
  console.log(`${SERVER_NAME} answers; it rejects callers without a client certificate`);
}

const attempt = () => (IS_STRANGER ? intrude() : ask()).catch((error) => `it cannot be called: ${error.message}`);
let problem = await attempt();
while (problem !== undefined && performance.now() < deadline) {
  await sleep(2_000);
  problem = await attempt();
}
if (problem !== undefined) {
  console.log(`${SERVER_NAME} at ${HOST}:${PORT}: ${problem}`);
  process.exitCode = 1;
}
