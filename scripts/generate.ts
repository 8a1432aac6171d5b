import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { argv, exit } from 'node:process';
import { previewCommand } from '../src/cli/preview.ts';
import { recommendCommand } from '../src/cli/recommend.ts';
import { addOnExemptionsSource } from './generate/add-on-exemptions.ts';
import { replaceBetweenMarks } from './generate/between-marks.ts';
import { chartReadme } from './generate/chart-readme.ts';
import { chartSchemaFile } from './generate/chart-schema.ts';
import { chartValues } from './generate/chart-values.ts';
import { commandFlags } from './generate/command-flags.ts';
import { dashboardFile } from './generate/dashboard.ts';
import { panels } from './generate/dashboard-panels.ts';
import { deployManifest } from './generate/deploy-manifest.ts';
import { imageFactsPage } from './generate/image-facts-page.ts';
import { metricsTable, ownMetrics } from './generate/metrics-table.ts';
import { operatorKindsFile, operatorKindsTable } from './generate/operator-kinds.ts';
import { podFieldsSource } from './generate/pod-fields.ts';
import { configurationPage, policySchemaFile } from './generate/policy-pages.ts';
import { policyValidatorSource } from './generate/policy-validator.ts';
import { presetTable } from './generate/preset-table.ts';
import { ruleLinks } from './generate/rule-links.ts';
import { loadRules, rulesIndexSource } from './generate/rule-modules.ts';
import { ruleOverview } from './generate/rule-overview.ts';
import { rulePage } from './generate/rule-page.ts';

interface GeneratedFile {
  readonly path: string;
  readonly content: string;
}

const root = join(import.meta.dirname, '..');
const rulePages = 'docs/rules';
const chart = 'charts/podwright';
const operations = 'docs/operations.md';
const reading = 'docs/audit.md';
const previewing = 'docs/preview.md';
const recommending = 'docs/recommend.md';
const guide = 'docs/life-of-a-pod.md';
const addOns = 'examples/policies/add-ons.yaml';

const files = await generatedFiles();
const stale = await staleFiles();
const orphans = await orphanedPages();
const isCheck = argv.includes('--check');

for (const { path, content } of stale) {
  console.log(isCheck ? `${path} is stale` : `wrote ${path}`);
  if (!isCheck) await write(path, content);
}
for (const path of orphans) {
  console.log(isCheck ? `${path} has no rule` : `removed ${path}`);
  if (!isCheck) await rm(join(root, path));
}
if (!isCheck) await generateDeployManifest();
if (isCheck && stale.length + orphans.length > 0) {
  console.log('Run npm run generate and commit what it changes.');
  exit(1);
}

async function generatedFiles(): Promise<GeneratedFile[]> {
  const rules = await loadRules();
  const contents = (path: string): Promise<string> => readFile(join(root, path), 'utf8');
  const values = chartValues(await contents(`${chart}/values.yaml`));
  const readme = await contents(`${chart}/README.md`);
  const metrics = metricsTable(ownMetrics());
  return [
    { path: 'src/rules/index.ts', content: rulesIndexSource(rules) },
    { path: 'src/subject/pod-fields.ts', content: podFieldsSource() },
    { path: 'src/policy/add-on-exemptions.ts', content: addOnExemptionsSource(await contents(addOns)) },
    { path: 'src/policy/built-in-validator.ts', content: policyValidatorSource(rules) },
    ...rules.map((rule) => ({ path: `${rulePages}/${rule.id}.md`, content: rulePage(rule) })),
    { path: `${rulePages}/README.md`, content: ruleOverview(rules) },
    { path: 'docs/presets.md', content: presetTable(rules) },
    { path: 'docs/configuration.md', content: configurationPage(rules) },
    { path: 'docs/image-facts.md', content: imageFactsPage() },
    { path: 'docs/policy.schema.json', content: policySchemaFile(rules) },
    { path: `${chart}/values.schema.json`, content: chartSchemaFile(values, rules) },
    { path: `${chart}/README.md`, content: chartReadme(readme, values) },
    { path: `${chart}/files/dashboard.json`, content: dashboardFile(panels) },
    { path: `${chart}/files/operator-kinds.yaml`, content: operatorKindsFile() },
    { path: reading, content: replaceBetweenMarks(await contents(reading), 'operators', operatorKindsTable()) },
    {
      path: previewing,
      content: replaceBetweenMarks(await contents(previewing), 'flags', commandFlags(previewCommand())),
    },
    {
      path: recommending,
      content: replaceBetweenMarks(await contents(recommending), 'flags', commandFlags(recommendCommand())),
    },
    { path: operations, content: replaceBetweenMarks(await contents(operations), 'metrics', metrics) },
    { path: guide, content: replaceBetweenMarks(await contents(guide), 'rules', ruleLinks(rules)) },
  ];
}

/** Made last, of the files above, and only where there is Helm; the test project `chart` looks whether it is stale. */
async function generateDeployManifest(): Promise<void> {
  const path = 'deploy/podwright.yaml';
  const content = deployManifest(join(root, chart));
  if (content === undefined) return console.log(`There is no helm on PATH: ${path} is left as it is.`);
  if (content === (await readIfExists(path))) return;
  console.log(`wrote ${path}`);
  await write(path, content);
}

async function staleFiles(): Promise<GeneratedFile[]> {
  const current = await Promise.all(files.map(({ path }) => readIfExists(path)));
  return files.filter(({ content }, index) => content !== current[index]);
}

/** Pages of rules that are no more. */
async function orphanedPages(): Promise<string[]> {
  const wanted = new Set(files.map(({ path }) => basename(path)));
  const pages = await readdir(join(root, rulePages)).catch(() => []);
  return pages.filter((name) => !wanted.has(name)).map((name) => `${rulePages}/${name}`);
}

async function readIfExists(path: string): Promise<string | undefined> {
  return readFile(join(root, path), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
}

async function write(path: string, content: string): Promise<void> {
  await mkdir(dirname(join(root, path)), { recursive: true });
  await writeFile(join(root, path), content);
}
