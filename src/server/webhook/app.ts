import { Server as TlsServer } from 'node:tls';
import fastify, { type FastifyInstance, type FastifyServerOptions } from 'fastify';
import { type Credentials, secureOptions } from '../certificate/index.ts';
import { createIntake, defaultLimits, guardConnections, type Limits } from '../http/index.ts';
import { admitClients } from './client-certificates.ts';
import { type ExemptionsRouteDependencies, exemptionsRoute } from './exemptions-route.ts';
import { answerClientError, badRequest, useFixedAnswers } from './fixed-answers.ts';
import { type PolicyRouteDependencies, policyRoute } from './policy-route.ts';
import { reviewBodyParser } from './review-body.ts';
import { type WebhookDependencies, webhookRoute } from './webhook-route.ts';

export interface AppDependencies extends WebhookDependencies, PolicyRouteDependencies, ExemptionsRouteDependencies {
  /** Without it, the app uses plain HTTP. */
  readonly tls?: Credentials | undefined;
  /** The permitted common names of client certificates; all if absent. */
  readonly clientNames?: readonly string[] | undefined;
  readonly limits?: Partial<Limits>;
}

/** The webhooks as a Fastify app that does not listen yet. */
export function buildApp(dependencies: AppDependencies): FastifyInstance {
  const { metrics, log, tls } = dependencies;
  const limits = { ...defaultLimits, ...dependencies.limits };
  const server = {
    headersTimeout: limits.headersTimeout,
    connectionsCheckingInterval: limits.connectionsCheckingInterval,
    maxHeaderSize: 8 * 1024,
  };
  const needsCertificate = tls?.clientCa !== undefined;
  const secure = tls && {
    ...server,
    ...secureOptions(tls),
    handshakeTimeout: limits.handshakeTimeout,
    requestCert: needsCertificate,
    rejectUnauthorized: needsCertificate,
  };
  const options: FastifyServerOptions = {
    // HTTP/1.1 only, because the API server uses nothing else for a Service.
    ...(secure === undefined ? { http: server } : { https: { ...secure, ALPNProtocols: ['http/1.1'] } }),
    logger: false,
    keepAliveTimeout: limits.keepAliveTimeout,
    requestTimeout: limits.requestTimeout,
    // Pooled connections of the API server still get answers while the server drains.
    return503OnClosing: false,
    forceCloseConnections: 'idle',
    clientErrorHandler: answerClientError(metrics, limits),
    frameworkErrors: (_error, _request, reply) => badRequest(reply, metrics),
  };
  const app = fastify(options);
  guardConnections(app.server, limits, (reason) => metrics.shed(reason));
  if (needsCertificate && app.server instanceof TlsServer)
    admitClients(app.server, dependencies.clientNames ?? [], { metrics, log });
  const intake = createIntake(limits);
  metrics.watchIntake(intake);
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', reviewBodyParser(intake, limits));
  useFixedAnswers(app, metrics, log);
  app.post('/mutate', webhookRoute('mutate', dependencies));
  app.post('/validate', webhookRoute('validate', dependencies));
  app.post('/validate-policy', policyRoute(dependencies));
  app.post('/validate-exemptions', exemptionsRoute(dependencies));
  return app;
}

/** Applies to new connections; open ones are kept. */
export function replaceCredentials(app: FastifyInstance, tls: Credentials): void {
  const server: unknown = app.server;
  if (server instanceof TlsServer) server.setSecureContext(secureOptions(tls));
}
