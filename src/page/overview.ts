import { counted } from '../engine/counted.ts';
import { rulePage } from '../engine/links.ts';
import { type Html, html, htmlParts, none } from './html.ts';
import type { PageGroup, PageOutcome, PageReport, PageRule } from './page-report.ts';
import { barOf } from './workload-counts.ts';

/** How many rules are shown until the others are requested. */
const topRules = 10;

/** A row with a bar for each namespace or directory. */
export function groupTable({ groups, groupedBy, outcomes }: PageReport): IteratorObject<Html> {
  const shown = outcomes.filter(({ id }) => groups.some(({ counts }) => (counts.having[id] ?? 0) > 0));
  const most = groups.reduce((largest, { counts }) => Math.max(largest, counts.workloads), 0);
  return htmlParts`<section>
<h2>${groupedBy === 'namespace' ? 'Namespaces' : 'Folders'}</h2>
${legend(shown)}
<div class="scroll" tabindex="0" role="region" aria-label="${groupedBy}s">
<table class="sortable">
<thead><tr>${heading(groupedBy, 'text')}${heading('workloads')}<th class="bar" scope="col">by outcome</th>${shown.map(({ label }) => heading(label, 'wide'))}<th class="text" scope="col"><span class="unseen">ready</span></th></tr></thead>
<tbody>
${groups.values().map((group) => groupRow(group, groupedBy, shown, outcomes, most))}</tbody>
</table>
</div>
</section>`;
}

function groupRow(
  { name, mark, isReady, counts }: PageGroup,
  groupedBy: PageReport['groupedBy'],
  shown: readonly PageOutcome[],
  outcomes: readonly PageOutcome[],
  most: number,
): Html {
  return html`<tr><th class="text" scope="row"><a href="#${groupedBy}=${encodeURIComponent(name)}">${name}</a></th>${numberCell(counts.workloads)}<td class="bar">${bar(barOf(counts.first, outcomes), most)}</td>${shown.map(({ id }) => numberCell(counts.having[id] ?? 0, 'wide'))}<td class="text ${isReady ? 'good' : 'faint'}">${mark}</td></tr>\n`;
}

/** The rules, the most important first, each with its summary and the counts of its outcomes. */
export function ruleTable({ rules, outcomes }: PageReport): Html {
  const shown = outcomes.filter(({ id }) => rules.some(({ counts }) => (counts[id] ?? 0) > 0));
  const sumOf = ({ counts }: PageRule): number => shown.reduce((sum, { id }) => sum + (counts[id] ?? 0), 0);
  const most = Math.max(...rules.map(sumOf));
  const hidden = rules.length - topRules;
  return html`<section>
<h2>Rules</h2>
<div class="scroll" tabindex="0" role="region" aria-label="rules">
<table class="sortable rules">
<thead><tr>${heading('rule', 'text')}${heading('severity', 'text wide')}<th class="bar" scope="col">workloads</th>${shown.map(({ label }) => heading(label))}</tr></thead>
<tbody>
${rules.map((rule, index) => ruleRow(rule, shown, most, index >= topRules))}</tbody>
</table>
</div>
${hidden > 0 ? html`<p><button type="button" class="plain all-rules">Show ${counted(hidden, 'more rule')}</button></p>` : none}
</section>`;
}

function ruleRow(rule: PageRule, shown: readonly PageOutcome[], most: number, isHidden: boolean): Html {
  const { id, severity, summary, counts } = rule;
  return html`<tr${isHidden ? html` class="further"` : none}><th class="text" scope="row"><a href="#rule=${id}">${id}</a> <a class="more" href="${rulePage(id)}">why and how<span class="unseen"> of ${id}</span></a><p class="faint">${summary}</p></th><td class="text wide">${severity}</td><td class="bar">${bar(barOf(counts, shown), most)}</td>${shown.map((outcome) => numberCell(counts[outcome.id] ?? 0))}</tr>\n`;
}

/** A stacked bar, scaled to the longest one. */
function bar(parts: ReturnType<typeof barOf>, most: number): Html {
  const words = parts.map(({ outcome, count }) => `${count} ${outcome.label}`).join(', ');
  return html`<span class="stack" role="img" aria-label="${words || 'nothing'}">${parts.map(({ outcome, count }) => html`<span class="fill-${outcome.tone}" style="width:${((count / most) * 100).toFixed(2)}%" title="${count} ${outcome.label}"></span>`)}</span>`;
}

const legend = (outcomes: readonly PageOutcome[]): Html =>
  html`<dl class="legend">${outcomes.map(({ label, meaning, tone }) => html`<div><dt><span class="swatch fill-${tone}"></span>${label}</dt><dd>${meaning}</dd></div>`)}</dl>`;

const heading = (text: string, kind = ''): Html =>
  html`<th${kind === '' ? none : html` class="${kind}"`} scope="col" aria-sort="none"><button type="button">${text}</button></th>`;

const numberCell = (count: number, kind = ''): Html =>
  html`<td${kind === '' ? none : html` class="${kind}"`} data-value="${count}">${count === 0 ? html`<span class="faint">–</span>` : count}</td>`;
