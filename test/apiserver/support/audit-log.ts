import { auditLogFile } from './audit-log-file.ts';
import { inNode } from './kubectl.ts';

/** What the API server's audit log says of one request. */
export interface AuditEvent {
  readonly verb: string;
  readonly user: { readonly username: string };
  readonly objectRef: {
    readonly resource: string;
    readonly subresource?: string;
    readonly namespace?: string;
    readonly name?: string;
  };
  readonly responseStatus: { readonly code: number };
  readonly annotations?: Readonly<Record<string, string>>;
}

/** All requests about objects of the namespace that have been answered, oldest first. */
export async function auditEvents(namespace: string): Promise<AuditEvent[]> {
  const { stdout } = await inNode(['cat', auditLogFile]);
  const events = stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as AuditEvent & { readonly stage: string });
  return events.filter(({ stage, objectRef }) => stage === 'ResponseComplete' && objectRef.namespace === namespace);
}

/** The annotations that Podwright gave the request. */
export function ownAnnotations({ annotations = {} }: AuditEvent): Record<string, string> {
  const own = Object.entries(annotations).filter(([key]) => /^[a-z.]*\bpodwright\.dev\//.test(key));
  return Object.fromEntries(own);
}

/** The requests that were to create an object itself: a Pod, not its binding. */
export async function creationEvents(namespace: string): Promise<AuditEvent[]> {
  const events = await auditEvents(namespace);
  return events.filter(({ verb, objectRef }) => verb === 'create' && objectRef.subresource === undefined);
}

/** How often the API server applied a patch of Podwright's to an object that was to be created. */
export async function appliedPatches(namespace: string): Promise<number> {
  return (await creationEvents(namespace))
    .flatMap(({ annotations = {} }) => Object.entries(annotations))
    .filter(([key, value]) => key.startsWith('mutation.webhook.admission.k8s.io/') && value.includes('"mutated":true'))
    .length;
}
