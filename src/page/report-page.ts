import { type Html, html, htmlParts, joined, none } from './html.ts';
import { pageParts } from './html-page.ts';
import { groupTable, ruleTable } from './overview.ts';
import type { PageReport, Tile } from './page-report.ts';
import { workloadSection } from './workloads.ts';

/** The report as one self-contained page for a screen, a meeting or paper. */
export const reportPage = (report: PageReport): string => joined(reportParts(report));

/** The same in parts, which are rendered one by one: a row, a workload. */
export function reportParts(report: PageReport): IteratorObject<Html> {
  const { title, tiles, warnings, sentences, groups, chapters } = report;
  const head = html`<header>
${viewLinks(report)}<h1>${title}</h1>
${factList(report)}
${sentences.map((sentence) => html`<p>${sentence}</p>\n`)}${warnings.map((line) => html`<p class="bad">${line}</p>\n`)}</header>
`;
  if (groups.length === 0) return pageParts(title, htmlParts`${head}<main></main>`);
  return pageParts(
    title,
    htmlParts`${head}<main>
<ul class="tiles">
${tiles.map(tileItem)}</ul>
${groupTable(report)}
${report.rules.length === 0 ? none : ruleTable(report)}
${workloadSection(report)}
${chapters.map(({ heading, content }) => html`<section><h2>${heading}</h2>\n${content}</section>\n`)}</main>`,
  );
}

function viewLinks({ views = [] }: PageReport): Html {
  if (views.length === 0) return none;
  const links = views.map(({ title, href }) =>
    href === undefined ? html`<b aria-current="page">${title}</b> ` : html`<a href="${href}">${title}</a> `,
  );
  return html`<nav class="views">${links}</nav>\n`;
}

const factList = ({ facts }: PageReport): Html =>
  html`<dl class="facts">${facts.map(({ name, value }) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`;

function tileItem({ value, of, label, tone, filter }: Tile): Html {
  const content = html`<strong class="${value === 0 ? 'faint' : tone}">${value}</strong> <span class="of">of ${of}</span> <span class="label">${label}</span>`;
  return html`<li>${filter === undefined ? html`<span class="tile">${content}</span>` : html`<a class="tile" href="#${filter}">${content}</a>`}</li>\n`;
}
