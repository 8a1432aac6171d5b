export { buildApp, replaceCredentials } from './app.ts';
export type { WebhookDependencies, WebhookWorld } from './webhook-route.ts';
