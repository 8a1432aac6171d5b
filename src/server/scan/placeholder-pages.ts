import { type Html, html } from '../../page/html.ts';
import { pageOf } from '../../page/html-page.ts';

interface OtherLeader {
  /** The identity in the Lease: the name of a Pod and a number. */
  readonly leader: string | undefined;
  readonly namespace: string | undefined;
  readonly port: number;
  readonly path: string;
}

/** The page of a replica that does not scan: the Pod that does, and how to reach it. */
export function otherLeaderPage({ leader, namespace = 'podwright-system', port, path }: OtherLeader): string {
  const title = 'Another replica scans this cluster';
  const pod = podOf(leader);
  const advice =
    pod === undefined
      ? html`<p>There is no leader at the moment. Reload the page in some seconds.</p>`
      : html`<p>The leader is the Pod ${pod}. End this connection, connect to the leader and reload the page:</p>
<pre class="copy" tabindex="0">kubectl port-forward --namespace ${namespace} pod/${pod} ${port}:${port}</pre>
<p>Its page is then at http://127.0.0.1:${port}${path}.</p>`;
  return plainPage(title, advice);
}

/** The page of the leader until its first scan has ended. */
export const noScanPage = (): string =>
  plainPage(
    'No scan has ended yet',
    html`<p>The first scan starts some seconds after a replica becomes the leader. Reload the page later; if a scan fails, the log says why.</p>`,
  );

const plainPage = (title: string, content: Html): string =>
  pageOf(title, html`<header><h1>${title}</h1>\n</header>\n<main>${content}</main>`);

/** Undefined unless it can be the name of a Pod, because people run the command. */
const podOf = (identity = ''): string | undefined => /^([a-z\d](?:[-.a-z\d]*[a-z\d])?)_/.exec(identity)?.[1];
