import { expect, test } from 'vitest';
import { fullPace, pacedWork } from '../../../src/cluster/scan/pace.ts';
import { maxWorkloads, openScanPage } from '../../../src/server/scan/scan-page.ts';
import { onlyRules } from '../../support/policies.ts';
import { scannedDeployment } from '../../support/scanned-subject.ts';

const policy = onlyRules(['no-privileged-containers', 'no-privilege-escalation']);
const work = pacedWork(fullPace, undefined);
const complete = { denied: 2, unreadable: [] };

const sentenceIn = (html: Buffer | undefined): string | undefined => /<p>(.*?)<\/p>/.exec(String(html))?.[1];

test('there is no page before a scan is complete, and none after the replica no longer scans', async () => {
  const page = openScanPage(work);
  const started = page.begin(policy);
  started.add(scannedDeployment('web', ['app'], policy));
  expect(page.html).toBeUndefined();
  await started.complete(complete);
  expect(sentenceIn(page.html)).toBe(
    '1 workload in 1 namespace, without excluded namespaces. The policy would deny 2 as they are.',
  );
  page.clear();
  expect(page.html).toBeUndefined();
});

test('a page is rendered once, and stays until the next scan is complete', async () => {
  const page = openScanPage(work);
  await page.begin(policy).complete(complete);
  const first = page.html;
  expect(page.html).toBe(first);
  const next = page.begin(policy);
  expect(page.html).toBe(first);
  await next.complete({ ...complete, denied: 0 });
  expect(sentenceIn(page.html)).toBe(
    '0 workloads in 0 namespaces, without excluded namespaces. The policy would deny none of them.',
  );
});

test('under audit, the page says how to see more', async () => {
  const page = openScanPage(work);
  await page.begin({ ...policy, mode: 'audit' }).complete({ ...complete, denied: 0 });
  expect(sentenceIn(page.html)).toMatch(/only records findings; podwright preview shows what enforcement would do\.$/);
});

test('what could not be read is named', async () => {
  const page = openScanPage(work);
  const unreadable = [{ resource: 'pods', message: 'pods is forbidden' }];
  await page.begin(policy).complete({ denied: 0, unreadable });
  expect(String(page.html)).toContain('<p class="bad">not read: pods is forbidden</p>');
});

test('values of a manifest are not on the page, and no diff', async () => {
  const page = openScanPage(work);
  const started = page.begin(policy);
  const subject = scannedDeployment('web', ['app'], policy);
  const pod = { spec: { containers: [{ name: 'app', env: [{ name: 'TOKEN', value: 'hunter2' }] }] } };
  started.add({ ...subject, pod, patch: [{ op: 'add', path: '/spec/hostNetwork', value: false }] });
  await started.complete(complete);
  expect(String(page.html)).toContain('Deployment shop/web');
  expect(String(page.html)).not.toMatch(/hunter2|class="diff"/);
});

/** The longest page of so many workloads, ten in a namespace, each with twenty findings under long names. */
async function longPage(count: number) {
  const names = Array.from({ length: 20 }, (_, index) => `${index}${'<'.repeat(10_000)}`);
  const subject = scannedDeployment('web', names, policy);
  const page = openScanPage(work);
  const started = page.begin(policy);
  for (let index = 0; index < count; index++) {
    const namespace = `team-${String(Math.floor(index / 10)).padStart(58, '0')}`;
    const object = { ...subject.object, namespace, name: `${'w'.repeat(245)}-${index}` };
    started.add({ ...subject, namespace, object });
  }
  await started.complete(complete);
  const html = String(page.html);
  const countOf = (text: string): number => html.split(text).length - 1;
  return {
    bytes: Buffer.byteLength(html),
    namespaces: countOf('<th class="text" scope="row"><a href="#namespace='),
    workloads: countOf('<details class="workload"'),
    listed: /<p>(The \d+ workloads .*?)<\/p>/.exec(html)?.[1],
  };
}

test('a page has some MiB at most, and less than one KiB more for each namespace', async () => {
  const [some, many] = [await longPage(2 * maxWorkloads), await longPage(10 * maxWorkloads)];
  expect([some.namespaces, some.workloads]).toEqual([200, maxWorkloads]);
  expect([many.namespaces, many.workloads]).toEqual([1_000, maxWorkloads]);
  expect(many.listed).toBe('The 1000 workloads with the gravest outcomes are listed; 9000 more are only counted.');
  const perNamespace = (many.bytes - some.bytes) / 800;
  expect(perNamespace).toBeLessThan(2 ** 10);
  expect(some.bytes - some.namespaces * perNamespace).toBeLessThan(8 * 2 ** 20);
});
