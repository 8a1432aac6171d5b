import type { V1RuleWithOperations } from '@kubernetes/client-node';
import type { WebhookConfiguration } from '../cluster/webhook-configuration.ts';

/** The settings that decide whether the API server calls a webhook, and whether it admits an object without an answer. */
export interface WebhookState {
  readonly name: string;
  readonly failurePolicy: string;
  readonly hasCaBundle: boolean;
  /** It is called for Pods that are created. */
  readonly coversPods: boolean;
}

/** Null if there is no configuration. */
export function webhookStates(configuration: WebhookConfiguration | undefined): readonly WebhookState[] | null {
  if (configuration === undefined) return null;
  return (configuration.webhooks ?? []).map(({ name, failurePolicy = 'Fail', clientConfig, rules = [] }) => ({
    name,
    failurePolicy,
    hasCaBundle: (clientConfig.caBundle ?? '') !== '',
    coversPods: rules.some(coversPods),
  }));
}

const coversPods = ({ apiGroups, apiVersions, resources = [], operations }: V1RuleWithOperations): boolean =>
  includes(apiGroups, '') &&
  includes(apiVersions, 'v1') &&
  (includes(resources, 'pods') || resources.includes('*/*')) &&
  includes(operations, 'CREATE');

const includes = (values: readonly string[] = [], value: string): boolean =>
  values.includes(value) || values.includes('*');
