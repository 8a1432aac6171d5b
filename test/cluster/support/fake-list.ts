import type { ServerResponse } from 'node:http';
import type { FakeRequest } from './fake-api.ts';
import type { FakeCollection, KubeObject } from './fake-collection.ts';

/** Where a list goes on; `version` is undefined in the tokens for lists that are too old, which go on with what is there now. */
interface Token {
  readonly version?: number;
  readonly from: number;
}

/** A page of the collection. The token of a list from before `forget` is answered as the API server does: 410 with a new one. */
export function answerList(request: FakeRequest, response: ServerResponse, collection: FakeCollection): void {
  const kind = partialKind(request);
  if (kind !== undefined && kind !== 'PartialObjectMetadataList')
    return respond(response, 406, statusOf(406, `you requested ${kind}, but the requested object is a list`));
  const token = tokenIn(request);
  if (token?.version !== undefined && token.version < collection.forgotten) {
    const expired = statusOf(410, 'The provided continue parameter is too old to display a consistent list result.');
    const metadata = { continue: write({ from: token.from }) };
    return respond(response, 410, { ...expired, reason: 'Expired', metadata });
  }
  const from = token?.from ?? 0;
  const limit = Number(request.query.get('limit') ?? collection.count);
  const page = collection.slice(from, limit);
  const end = from + page.length;
  const objects = page.filter(({ metadata: { name } }) => name === (nameIn(request) ?? name));
  const version = token?.version ?? collection.version;
  const next = end < collection.count ? { continue: write({ version, from: end }) } : {};
  respond(response, 200, {
    apiVersion: kind === undefined ? 'v1' : 'meta.k8s.io/v1',
    kind: kind ?? `${collection.kind}List`,
    metadata: { resourceVersion: String(version), ...next },
    items: kind === undefined ? objects : objects.map(metadataOf),
  });
}

/** The only name that is asked for. */
const nameIn = ({ query }: FakeRequest): string | undefined =>
  /^metadata\.name=(.+)$/.exec(query.get('fieldSelector') ?? '')?.[1];

/** Which kind of partial object is asked for. */
export function partialKind({ headers }: FakeRequest): string | undefined {
  return /^application\/json;as=(\w+);g=meta\.k8s\.io;v=v1,application\/json$/.exec(headers.accept ?? '')?.[1];
}

export const metadataOf = ({ metadata }: KubeObject) => ({
  apiVersion: 'meta.k8s.io/v1',
  kind: 'PartialObjectMetadata',
  metadata,
});

/** The API server's own way to refuse. */
export const statusOf = (code: number, message: string) => ({
  apiVersion: 'v1',
  kind: 'Status',
  metadata: {},
  status: 'Failure',
  message,
  code,
});

function tokenIn({ query }: FakeRequest): Token | undefined {
  const token = query.get('continue');
  return token === null ? undefined : (JSON.parse(Buffer.from(token, 'base64url').toString()) as Token);
}

const write = (token: Token): string => Buffer.from(JSON.stringify(token)).toString('base64url');

function respond(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
