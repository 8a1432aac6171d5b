import type { AddressInfo } from 'node:net';
import axe, { type AxeResults } from 'axe-core';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { fullPace, pacedWork } from '../../src/cluster/scan/pace.ts';
import { buildMonitoring } from '../../src/server/monitoring/index.ts';
import { addScanPage } from '../../src/server/scan/page-route.ts';
import { maxWorkloads, openScanPage } from '../../src/server/scan/scan-page.ts';
import { testMetrics } from '../server/support.ts';
import { onlyRules } from '../support/policies.ts';
import { scannedDeployment } from '../support/scanned-subject.ts';
import { chromiumProgram } from './support/chromium.ts';

const policy = onlyRules(['no-privileged-containers']);
let browser: Browser;

beforeAll(async () => {
  browser = await chromium.launch({
    executablePath: chromiumProgram ?? '',
    args: ['--no-sandbox', '--disable-dev-shm-usage'],
  });
});
afterAll(() => browser.close());

/** The page of a scan of two thousand Deployments in 200 namespaces, of which those of every fourth are denied. */
async function scanPage() {
  const page = openScanPage(pacedWork(fullPace, undefined));
  const started = page.begin(policy);
  const [good, bad] = [scannedDeployment('web', [], policy), scannedDeployment('web', ['app'], policy)];
  for (let index = 0; index < 2 * maxWorkloads; index++) {
    const namespace = `team-${String(Math.floor(index / 10)).padStart(3, '0')}`;
    const subject = Math.floor(index / 10) % 4 === 0 ? bad : good;
    started.add({ ...subject, namespace, object: { ...subject.object, namespace, name: `web-${index}` } });
  }
  await started.complete({ denied: maxWorkloads / 2, unreadable: [] });
  return page;
}

/** The page as a browser gets it from a replica; what it complains of is `complaints`. */
async function open({ isLeader, hash = '' }: { readonly isLeader: boolean; readonly hash?: string }) {
  const app = buildMonitoring(testMetrics().metrics, () => []);
  addScanPage(app, { page: await scanPage(), election: { isLeader, leader: 'podwright-0_1' }, namespace: 'guard' });
  await app.listen({ host: '127.0.0.1', port: 0 });
  onTestFinished(() => app.close());
  const { port } = app.server.address() as AddressInfo;
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
  onTestFinished(() => context.close());
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(error.message));
  await page.goto(`http://127.0.0.1:${port}/scan${hash}`);
  return { page, complaints };
}

const isReadable = async (page: Page): Promise<unknown> => {
  // the page lets no other script run
  await page
    .context()
    .newCDPSession(page)
    .then((session) => session.send('Page.setBypassCSP', { enabled: true }));
  await page.reload();
  await page.evaluate(axe.source);
  const found = await page.evaluate<AxeResults>('axe.run()');
  return found.violations.map(({ id, nodes }) => [id, nodes.slice(0, 3).map(({ html }) => html)]);
};

test('the page of a large scan counts all and lists the gravest, and its filters work under its own headers', async () => {
  const { page, complaints } = await open({ isLeader: true, hash: '#namespace=team-004' });
  expect(await page.title()).toBe('Podwright scan of this cluster');
  expect(await page.locator('header p').allInnerTexts()).toEqual([
    '2000 workloads in 200 namespaces, without excluded namespaces. The policy would deny 500 as they are.',
  ]);
  expect(await page.locator('.tile').allInnerTexts()).toEqual([
    '500 of 2000\ndenied',
    '0 of 2000\nwarned',
    '0 of 2000\nrepaired',
    '1500 of 2000\nnothing to do',
  ]);
  expect(await page.locator('#workloads > p').first().innerText()).toBe(
    'The 1000 workloads with the gravest outcomes are listed; 1000 more are only counted.',
  );
  expect(await page.locator('section:first-of-type tbody tr').count()).toBe(200);
  expect(await page.locator('.workload:visible').count()).toBe(10);
  await page.locator('select[name=outcome]').selectOption('denied');
  expect(await page.locator('output').textContent()).toBe('10 workloads');
  await page.getByRole('columnheader', { name: 'denied' }).first().getByRole('button').click();
  expect(complaints).toEqual([]);
});

test('the page can be read by everybody', async () => {
  const { page } = await open({ isLeader: true, hash: '#namespace=team-004' });
  expect(await isReadable(page)).toEqual([]);
});

test('the page of another replica offers the command to copy', async () => {
  const { page, complaints } = await open({ isLeader: false });
  expect(await page.getByRole('heading').innerText()).toBe('Another replica scans this cluster');
  expect(await page.locator('.copied pre').innerText()).toMatch(
    /^kubectl port-forward --namespace guard pod\/podwright-0 (\d+):\1$/,
  );
  // the browser itself tells of the status
  expect(complaints.filter((text) => !text.includes('503 (Service Unavailable)'))).toEqual([]);
  expect(await isReadable(page)).toEqual([]);
});
