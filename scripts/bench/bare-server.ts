import { readFileSync } from 'node:fs';
import { argv } from 'node:process';
import { fastify } from 'fastify';

/** The minimum of every webhook on Fastify: HTTPS, a parsed review, an answer that allows. */
const [, , port, certFile = '', keyFile = ''] = argv;
const app = fastify({
  https: { cert: readFileSync(certFile), key: readFileSync(keyFile) },
  bodyLimit: 20 * 1024 * 1024,
});
app.post<{ Body: { request: { uid: string } } }>('/', ({ body }) => ({
  apiVersion: 'admission.k8s.io/v1',
  kind: 'AdmissionReview',
  response: { uid: body.request.uid, allowed: true },
}));
await app.listen({ host: '127.0.0.1', port: Number(port) });

const monitoring = fastify();
monitoring.get('/readyz', () => 'ready');
await monitoring.listen({ host: '127.0.0.1', port: Number(port) + 1 });
