import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import axe, { type AxeResults } from 'axe-core';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { chromiumProgram } from './support/chromium.ts';
import { auditPage, previewPage } from './support/pages.ts';

const folder = mkdtempSync(join(tmpdir(), 'podwright-pages-'));
/** Kept, for people to look at. */
const screenshots = join(import.meta.dirname, '../../coverage/screenshots');
const names = ['audit', 'preview'] as const;
type Name = (typeof names)[number];
let browser: Browser;

beforeAll(async () => {
  writeFileSync(join(folder, 'audit.html'), await auditPage());
  writeFileSync(join(folder, 'preview.html'), previewPage());
  mkdirSync(screenshots, { recursive: true });
  // a container has neither the user namespaces that the sandbox needs nor a large /dev/shm
  browser = await chromium.launch({
    executablePath: chromiumProgram ?? '',
    args: ['--no-sandbox', '--disable-dev-shm-usage'],
  });
});
afterAll(async () => {
  await browser.close();
  rmSync(folder, { recursive: true });
});

/** The page, opened as people open a file; whatever it complains of fails the test. */
async function open(name: Name, hash = '', width = 1280, colorScheme: 'light' | 'dark' = 'light'): Promise<Page> {
  const context = await browser.newContext({ viewport: { width, height: 900 }, colorScheme });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('request', (request) => request.url().startsWith('file:') || complaints.push(request.url()));
  onTestFinished(async () => {
    await context.close();
    expect(complaints).toEqual([]);
  });
  await page.goto(`${pathToFileURL(join(folder, `${name}.html`)).href}${hash}`);
  return page;
}

const shown = (page: Page): Promise<string[]> => page.locator('.workload:visible .title').allTextContents();
const addressOf = (page: Page): string => new URL(page.url()).hash;

describe.each(names)('the page of %s', (name) => {
  test.each([375, 768, 1280])('fits a window of %i pixels, all unfolded', async (width) => {
    const page = await open(name, '', width);
    await page.screenshot({ path: join(screenshots, `${name}-${width}.png`) });
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width);
    await page.evaluate("document.querySelectorAll('details').forEach((details) => { details.open = true; })");
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width);
  });

  test.each(['light', 'dark'] as const)('can be read by everybody in %s colors', async (colorScheme) => {
    const page = await open(name, '#outcome=denied', 1280, colorScheme);
    await page.locator('.workload:visible > summary').first().click();
    await page.evaluate(axe.source);
    const found = await page.evaluate<AxeResults>('axe.run()');
    expect(found.violations.map(({ id, nodes }) => [id, nodes.slice(0, 3).map(({ html }) => html)])).toEqual([]);
    await page.screenshot({ path: join(screenshots, `${name}-${colorScheme}.png`) });
  });
});

test('says what it is about', async () => {
  const page = await open('preview');
  expect(await page.title()).toBe('What Podwright would do to production');
  expect(await page.locator('header').innerText()).toMatchInlineSnapshot(`
    "What Podwright would do to production
    cluster
    production
    evaluated
    2026-11-28 18:45 UTC
    policy
    ConfigMap podwright/podwright-policy
    mode
    enforce
    Podwright
    0.1.0

    480 workloads in 60 namespaces, of which 40 ready: no workload there would be denied or stop.

    not read: limitranges is forbidden"
  `);
  expect(await page.locator('.tile').allInnerTexts()).toMatchInlineSnapshot(`
    [
      "40 of 60
    namespaces are ready",
      "52 of 480
    workloads would be denied",
      "52 of 480
    would stop at their next restart",
      "480 of 480
    would be repaired",
    ]
  `);
});

test('a bar for each namespace, and its numbers', async () => {
  const page = await open('preview');
  expect(await page.locator('section:first-of-type tbody tr').count()).toBe(60);
  const row = page.locator('tr', { hasText: 'team-33' });
  expect(await row.locator('[role=img]').getAttribute('aria-label')).toMatchInlineSnapshot(`"3 denied, 5 fixed"`);
  expect(await row.innerText()).toMatchInlineSnapshot(`
    "team-33	8	
    	3	3	2	8	1	"
  `);
});

test('a workload unfolds to what is found, where, and a colored diff without values', async () => {
  const page = await open('audit', '#q=fixtures&outcome=denied');
  await page.locator('.workload:visible > summary').click();
  expect(await page.locator('.workload:visible').innerText()).toMatchInlineSnapshot(`
    "denied Deployment shop/web test/cli/fixtures/web.yaml:2 no-host-network, no-privilege-escalation
    enforce hostNetwork is true and bypasses NetworkPolicy; remove it (a node agent needs an exemption) 12:7 no-host-network
    repaired (can change behavior) container "app": may gain privileges; set securityContext.allowPrivilegeEscalation: false 14:9 no-privilege-escalation
    --- Deployment shop/web

    +++ Deployment shop/web, repaired

    @@ -1,6 +1,8 @@

     metadata:

       labels:

         app: web

    +  annotations:

    +    podwright.dev/fixed: no-privilege-escalation

     spec:

       hostNetwork: true

       containers:

    @@ -13,3 +15,5 @@

           requests:

             cpu: 100m

             memory: 64Mi

    +    securityContext:

    +      allowPrivilegeEscalation: false
    "
  `);
  const color = (kind: string) =>
    page.evaluate(`getComputedStyle(document.querySelector('.workload:not([hidden]) .${kind}')).color`);
  expect(await color('added')).not.toBe(await color('same'));
  expect(await page.content()).not.toContain('hunter2');
});

describe('filters', () => {
  test('are in the address, both ways', async () => {
    const page = await open('audit', '#rule=require-readiness-probe');
    expect(await shown(page)).toEqual(['Pod shop/web', 'Deployment shop/web']);
    await page.locator('select[name=namespace]').selectOption('shop');
    await page.locator('input[name=q]').fill('deployment');
    expect(await shown(page)).toEqual(['Deployment shop/web']);
    expect(addressOf(page)).toBe('#q=deployment&rule=require-readiness-probe&namespace=shop');
    expect(await page.locator('output').textContent()).toBe('1 workload');
    await page.locator('button[type=reset]').click();
    await expect.poll(() => page.locator('output').textContent()).toBe('7 workloads');
    expect(addressOf(page)).toBe('');
  });

  test('of rule and outcome', async () => {
    const page = await open('preview', '#outcome=exempt&rule=no-host-network');
    const [first = '', ...others] = await shown(page);
    expect([first, others.length]).toEqual(['Deployment team-03/app-3', 7]);
    await page.locator('select[name=outcome]').selectOption('denied');
    expect(await shown(page)).not.toContain(first);
    await page.locator('input[name=q]').fill('nothing is called so');
    expect(await page.locator('.none-left').isVisible()).toBe(true);
  });

  test('follow a click on a figure, a namespace and a rule', async () => {
    const page = await open('preview');
    await page.getByRole('link', { name: 'workloads would be denied' }).click();
    expect(addressOf(page)).toBe('#outcome=denied');
    const denied = Number(await page.locator('a.tile strong').first().textContent());
    await expect.poll(() => page.locator('output').textContent()).toBe(`${denied} workloads`);
    await page.getByRole('link', { name: 'team-03' }).click();
    await expect.poll(() => page.locator('output').textContent()).toBe('8 workloads');
    await page.getByRole('link', { name: 'no-host-network', exact: true }).first().click();
    await expect.poll(() => addressOf(page)).toBe('#rule=no-host-network');
  });

  test('are at hand for the keyboard', async () => {
    const page = await open('audit');
    await page.keyboard.press('/');
    await page.keyboard.type('job');
    expect(addressOf(page)).toBe('#q=job');
    await page.keyboard.press('Escape');
    await expect.poll(() => addressOf(page)).toBe('');
  });

  test('stay in sight', async () => {
    const page = await open('preview', '#q=app');
    await page.locator('.workload:visible').nth(200).scrollIntoViewIfNeeded();
    expect(await page.locator('input[name=q]').boundingBox()).toMatchObject({ y: expect.closeTo(10, -1) });
  });
});

test('tables are sorted by any column, and say so', async () => {
  const page = await open('preview');
  const heading = page.getByRole('columnheader', { name: 'denied' }).first();
  const firstRow = () => page.locator('section:first-of-type tbody th').first().textContent();
  expect(await heading.getAttribute('aria-sort')).toBe('none');
  await heading.getByRole('button').click();
  expect([await heading.getAttribute('aria-sort'), await firstRow()]).toEqual(['descending', 'team-09']);
  await heading.getByRole('button').click();
  expect([await heading.getAttribute('aria-sort'), await firstRow()]).toEqual(['ascending', 'team-01']);
});

test('60 namespaces print on eight pages at most', async () => {
  const page = await open('preview');
  const printed = (await page.pdf({ format: 'A4' })).toString('latin1');
  expect(printed.match(/\/Type\s*\/Page\b/g)?.length).toBeLessThanOrEqual(8);
});

test('without script, everything is there to be read', async () => {
  const context = await browser.newContext({ javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto(pathToFileURL(join(folder, 'audit.html')).href);
  expect(await page.locator('.workload').count()).toBe(7);
  await context.close();
});
