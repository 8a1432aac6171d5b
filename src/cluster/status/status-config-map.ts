import type { V1ConfigMap } from '@kubernetes/client-node';
import type { Status } from '../../status/status.ts';
import { summaryLines } from '../../status/summary.ts';
import { statusIn, type WrittenStatus } from '../../status/written-status.ts';
import { type ApiClient, unlessRejected } from '../api/index.ts';

/** The name of the ConfigMap with the status. */
export interface StatusNames {
  readonly namespace: string;
  readonly configMap: string;
}

/** A leader that waits longer for a response may have lost the lease. */
export const timeoutMs = 5_000;

const statusKey = 'status.json';

/** The path of a ConfigMap in the namespace of the status. */
export const configMapPath = ({ namespace }: StatusNames, name: string): string =>
  `/api/v1/namespaces/${namespace}/configmaps/${name}`;

/** Writes exactly these data, and creates the ConfigMap if it was deleted. RBAC can limit a create by apply to the name. */
export async function applyConfigMap(
  client: ApiClient,
  names: StatusNames,
  object: {
    /** With a version, the write fails if there is another one by now. */
    readonly metadata: { readonly name: string; readonly resourceVersion?: string | undefined };
    readonly data: Readonly<Record<string, string>>;
  },
): Promise<void> {
  const metadata = { ...object.metadata, namespace: names.namespace };
  const body = { apiVersion: 'v1', kind: 'ConfigMap', metadata, data: object.data };
  await client.send('PATCH', configMapPath(names, object.metadata.name), body, {
    contentType: 'application/apply-patch+yaml',
    query: { fieldManager: 'podwright', force: true },
    timeoutMs,
  });
}

/** A status, or why it cannot be read; neither if there is none, as in the ConfigMap that the chart creates. */
export type ReadStatus = WrittenStatus | { readonly status?: undefined; readonly problem?: undefined };

/** Reads the status that a leader has written. */
export async function readStatus(client: ApiClient, names: StatusNames): Promise<ReadStatus> {
  const path = configMapPath(names, names.configMap);
  const found = (await unlessRejected([404], client.get(path, {}, { timeoutMs }))) as V1ConfigMap | undefined;
  const text = found?.data?.[statusKey];
  return text === undefined ? {} : statusIn(text);
}

/** Writes the status for people and for programs. */
export async function writeStatus(client: ApiClient, names: StatusNames, status: Status): Promise<void> {
  const data = { summary: `${summaryLines(status).join('\n')}\n`, [statusKey]: statusText(status) };
  await applyConfigMap(client, names, { metadata: { name: names.configMap }, data });
}

/** JSON with one line per field, and one per element of a list. */
function statusText(status: Status): string {
  const fields = Object.entries(status).map(([key, value]) => `  ${JSON.stringify(key)}: ${valueText(value)}`);
  return `{\n${fields.join(',\n')}\n}\n`;
}

function valueText(value: unknown): string {
  if (!Array.isArray(value) || value.length === 0) return JSON.stringify(value);
  return `[\n${value.map((element) => `    ${JSON.stringify(element)}`).join(',\n')}\n  ]`;
}
