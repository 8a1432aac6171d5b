import { createHash } from 'node:crypto';
import type { Report } from '../../audit/policy-report.ts';
import type { ReportKind } from '../../audit/report-kind.ts';
import { type ApiClient, ApiError, listPages, statusOf } from '../api/index.ts';

/** The remembered state of a Report in the cluster. */
export interface StoredReport {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly resourceVersion: string;
  /** The fingerprint of the last written content. */
  readonly content: string | undefined;
}

/** `gone` if the Report or its subject no longer exists. */
export type WriteResult = 'created' | 'updated' | 'deleted' | 'unchanged' | 'gone';

/** The reports of one kind in the cluster. */
export interface ReportApi {
  readonly client: ApiClient;
  readonly kind: ReportKind;
}

const managedBy = 'app.kubernetes.io/managed-by';
const contentAnnotation = 'podwright.dev/content';
const timeoutMs = 10_000;

interface PartialObject {
  readonly metadata?: {
    readonly namespace?: string;
    readonly name?: string;
    readonly uid?: string;
    readonly resourceVersion?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
}

/** Changes whenever the Report does. */
export const fingerprintOf = (report: Report): string =>
  createHash('sha256').update(JSON.stringify(report)).digest('hex').slice(0, 32);

/** All Reports of this program in the cluster, by `reportKey`. */
export async function listReports(api: ReportApi, signal?: AbortSignal): Promise<Map<string, StoredReport>> {
  const { client, kind } = api;
  const path = `/apis/${kind.apiVersion}/${kind.resource}`;
  const reports = new Map<string, StoredReport>();
  const query = { labelSelector: `${managedBy}=podwright` };
  for await (const page of listPages(client, path, { limit: 500, metadataOnly: true, query, signal }))
    for (const item of page) {
      const stored = storedReport(item);
      if (stored !== undefined) reports.set(reportKey(stored), stored);
    }
  return reports;
}

/** The identity of a Report among all namespaces. */
export const reportKey = ({ namespace, name }: Pick<StoredReport, 'namespace' | 'name'>): string =>
  `${namespace}/${name}`;

/** Writes the Report over the stored one. On a conflict, reads it again once. */
export async function putReport(
  api: ReportApi,
  report: Report,
  stored: StoredReport | undefined,
  signal?: AbortSignal,
): Promise<WriteResult> {
  const { client, kind } = api;
  const { metadata } = report;
  const path = pathOf(kind, metadata);
  const content = fingerprintOf(report);
  const annotations = { ...metadata.annotations, [contentAnnotation]: content };
  const options = { timeoutMs, signal };
  const send = async (resourceVersion: string | undefined): Promise<WriteResult> => {
    const body = { ...report, metadata: { ...metadata, annotations, resourceVersion } };
    if (resourceVersion === undefined) await client.send('POST', collectionOf(kind, metadata), body, options);
    else await client.send('PUT', path, body, options);
    return resourceVersion === undefined ? 'created' : 'updated';
  };
  try {
    return await send(stored?.resourceVersion);
  } catch (error) {
    if (statusOf(error) !== 409) return goneOrThrow(error);
  }
  try {
    const found = storedReport(await client.get(path, {}, { ...options, metadataOnly: true }));
    if (found === undefined)
      throw new ApiError(`${kind.kind} ${reportKey(metadata)} was not created by podwright and is left unchanged`, {
        status: 409,
      });
    return found.content === content ? 'unchanged' : await send(found.resourceVersion);
  } catch (error) {
    return goneOrThrow(error);
  }
}

/** Deletes the Report unless it has been replaced by another one with the same name. */
export async function deleteReport(
  { client, kind }: ReportApi,
  stored: StoredReport,
  signal?: AbortSignal,
): Promise<WriteResult> {
  const body = { apiVersion: 'v1', kind: 'DeleteOptions', preconditions: { uid: stored.uid } };
  try {
    await client.send('DELETE', pathOf(kind, stored), body, { timeoutMs, signal });
    return 'deleted';
  } catch (error) {
    return statusOf(error) === 409 ? 'gone' : goneOrThrow(error);
  }
}

/** Whether the Report CRD is not installed. */
export const isUnknownKind = (error: unknown): boolean =>
  statusOf(error) === 404 && detailsOf(error).name === undefined;

function goneOrThrow(error: unknown): 'gone' {
  const { name, causes } = detailsOf(error);
  if (statusOf(error) === 404 && name !== undefined) return 'gone';
  if (statusOf(error) === 403 && causes?.some(({ reason }) => reason === 'NamespaceTerminating')) return 'gone';
  throw error;
}

interface StatusDetails {
  readonly name?: string;
  readonly causes?: readonly { readonly reason?: string }[];
}

function detailsOf(error: unknown): StatusDetails {
  const body = error instanceof ApiError ? (error.body as { readonly details?: StatusDetails } | undefined) : undefined;
  return body?.details ?? {};
}

/** Undefined for a Report that this program did not create. */
function storedReport(item: unknown): StoredReport | undefined {
  const { namespace, name, uid, resourceVersion, labels, annotations } = (item as PartialObject).metadata ?? {};
  if (!namespace || !name?.startsWith('podwright-') || !uid || !resourceVersion) return undefined;
  if (labels?.[managedBy] !== 'podwright') return undefined;
  return { namespace, name, uid, resourceVersion, content: annotations?.[contentAnnotation] };
}

const collectionOf = ({ apiVersion, resource }: ReportKind, { namespace }: { readonly namespace: string }): string =>
  `/apis/${apiVersion}/namespaces/${namespace}/${resource}`;

const pathOf = (kind: ReportKind, report: { readonly namespace: string; readonly name: string }): string =>
  `${collectionOf(kind, report)}/${report.name}`;
