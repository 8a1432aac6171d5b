import { counted } from '../engine/counted.ts';
import { rulePage } from '../engine/links.ts';
import { type Html, html, htmlParts, none } from './html.ts';
import type { PageFinding, PageGroup, PageReport, PageWorkload } from './page-report.ts';
import { barOf, firstOutcome } from './workload-counts.ts';

/** With up to this many workloads, their groups are expanded. */
const fewWorkloads = 20;

/** The listed workloads with their findings and repairs, and controls to filter them. */
export function workloadSection(report: PageReport): IteratorObject<Html> {
  const groups = report.groups.filter(({ workloads }) => workloads.length > 0);
  const all = groups.flatMap(({ workloads }) => workloads);
  return htmlParts`<section id="workloads">
<h2>Workloads</h2>
${report.listed === undefined ? none : html`<p>${report.listed}</p>\n`}${filters(report)}
${groups.values().flatMap((group) => groupDetails(group, report, all.length <= fewWorkloads))}<p class="none-left" hidden>Nothing matches these filters.</p>
</section>`;
}

function filters({ groups, groupedBy, rules, outcomes }: PageReport): Html {
  const workloads = groups.flatMap((group) => group.workloads);
  const namespaces = [...new Set(workloads.map(({ namespace }) => namespace))].toSorted();
  const seen = outcomes.filter(({ id }) => workloads.some((workload) => workload.outcomes.includes(id)));
  return html`<form class="filters" role="search" aria-label="filter workloads">
<label class="grow"><span class="unseen">search</span><input type="search" name="q" placeholder="Search (press /)" autocomplete="off"></label>
${select(
  'rule',
  'any rule',
  rules.map(({ id }) => ({ value: id, label: id })).toSorted((a, b) => (a.value < b.value ? -1 : 1)),
)}
${
  groupedBy === 'folder'
    ? select(
        'folder',
        'any folder',
        groups.map(({ name }) => ({ value: name, label: name })),
      )
    : none
}
${select(
  'namespace',
  'any namespace',
  namespaces.map((name) => ({ value: name, label: name === '' ? '(none)' : name })),
)}
${select(
  'outcome',
  'any outcome',
  seen.map(({ id, label }) => ({ value: id, label })),
)}
<button type="reset" class="plain">Clear</button>
<output>${counted(workloads.length, 'workload')}</output>
</form>`;
}

function select(
  name: string,
  any: string,
  options: readonly { readonly value: string; readonly label: string }[],
): Html {
  return html`<label><span class="unseen">${name}</span><select name="${name}"><option value="">${any}</option>${options.map(({ value, label }) => html`<option value="${value === '' ? ' ' : value}">${label}</option>`)}</select></label>`;
}

function groupDetails(group: PageGroup, report: PageReport, isOpen: boolean): IteratorObject<Html> {
  const { name, mark, isReady, counts, workloads } = group;
  const parts = barOf(counts.first, report.outcomes).map(({ outcome, count }) => `${count} ${outcome.label}`);
  const part = workloads.length < counts.workloads ? ` (${workloads.length} listed)` : '';
  return htmlParts`<details class="group" data-group="${name}"${isOpen ? html` open` : none}>
<summary><h3>${name}</h3> <span class="faint">${counted(counts.workloads, 'workload')}: ${parts.join(', ')}${part}</span>${mark === '' ? none : html` <span class="${isReady ? 'good' : 'faint'}">${mark}</span>`}</summary>
${workloads.values().map((workload) => workloadDetails(workload, report))}</details>
`;
}

function workloadDetails(workload: PageWorkload, { outcomes }: PageReport): Html {
  const { title, place, namespace, findings, moreFindings = 0, rules, remarks, diff } = workload;
  const first = firstOutcome(outcomes, workload);
  const badge = first === undefined ? none : html`<span class="badge ${first.tone}">${first.label}</span> `;
  return html`<details class="workload" data-namespace="${namespace === '' ? ' ' : namespace}" data-rules="${rules.join(' ')}" data-outcomes="${workload.outcomes.join(' ')}">
<summary>${badge}<span class="title">${title}</span>${place === '' ? none : html` <code>${place}</code>`} <span class="faint ids">${rules.join(', ')}</span></summary>
${remarks.map((remark) => html`<p class="bad">${remark}</p>\n`)}${findings.length === 0 ? none : html`<ul>\n${findings.map(findingItem)}${moreFindings === 0 ? none : html`<li class="faint">and ${counted(moreFindings, 'more finding')}</li>\n`}</ul>\n`}${diff === '' ? none : html`<pre class="diff" tabindex="0">${diffLines(diff)}</pre>\n`}</details>
`;
}

const findingItem = ({ word, tone, rule, message, place }: PageFinding): Html =>
  html`<li><span class="badge ${tone}">${word}</span> ${message} <code>${place}</code> <a class="more" href="${rulePage(rule)}">${rule}</a></li>\n`;

const diffLines = (diff: string): Html[] =>
  diff.split('\n').map((line) => html`<span class="${classOf(line)}">${line}\n</span>`);

function classOf(line: string): string {
  if (/^(?:---|\+\+\+) /.test(line)) return 'file';
  return { '+': 'added', '-': 'removed', '@': 'place' }[line.charAt(0)] ?? 'same';
}
