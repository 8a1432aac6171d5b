import {
  hinderedIn,
  isHindered,
  type NamespacePreview,
  type Preview,
  type WorkloadPreview,
} from '../../audit/preview.ts';
import { type Html, html, none } from './html.ts';
import { counted } from './layout.ts';
import { plain } from './paint.ts';
import { podDiffOf } from './pod-diff.ts';
import { changeLines } from './preview-changes.ts';
import { endsSections } from './preview-ends.ts';
import { readyEntry } from './preview-entry.ts';
import { fixesNote, markOf, unenforcedSentences } from './preview-modes.ts';
import { pageOf } from './preview-page.ts';
import {
  cellOf,
  columns,
  exemptionsEntry,
  hindrancesOf,
  ruleColumns,
  runningOnlyNote,
  titleFor,
} from './preview-sentences.ts';
import { nothingRunsText, type PreviewStyle } from './preview-text.ts';

const title = 'What Podwright would do to this cluster';

/** The preview as one page for a meeting, on a screen or on paper. */
export function previewHtml(preview: Preview, style: PreviewStyle): string {
  if (preview.totals.workloads === 0) return pageOf(title, html`<h1>${title}</h1>\n<p>${nothingRunsText}</p>`);
  const { namespaces, totals, suggestions, unusedExemptions } = preview;
  const ready = namespaces.filter(({ isReady }) => isReady).length;
  const changes = changeLines(
    namespaces.flatMap(({ workloads }) => workloads),
    plain,
  );
  const entry = readyEntry(preview, style);
  const unused = unusedExemptions.map(({ name }) => name).join(', ');
  return pageOf(
    title,
    html`<h1>${title}</h1>
<p>${counted(totals.workloads, 'workload')} in ${counted(namespaces.length, 'namespace')}, ${ready === 0 ? 'none of which is ready.' : `of which ${ready} ready:\nno workload there would be denied or stop.`}</p>
${unenforcedSentences(namespaces, style.ceiling).map((sentence) => html`<p>${sentence}</p>\n`)}<p class="faint">Policy: ${style.policy}.</p>
${style.missing.map((line) => html`<p class="bad">${line}</p>\n`)}${namespaceTable(preview)}
<dl class="faint">${columns.slice(1).map(({ heading, meaning }) => html`<dt>${heading}</dt><dd>${meaning}</dd>`)}</dl>
<h2>Namespaces</h2>
${namespaces.map((namespace) => namespaceDetails(namespace, style))}
${changes.length === 0 ? none : html`<h2>What changes</h2>\n<pre>${changes.slice(1).join('\n')}</pre>`}
${endsSections(preview).map(({ heading, lines }) => html`<h2>${heading}</h2>\n<pre>${lines.join('\n')}</pre>\n`)}${suggestions.length === 0 ? none : html`<h2>Add-ons without an exemption</h2>\n<pre>${exemptionsEntry(suggestions)}</pre>`}
${unused === '' ? none : html`<h2>Exemptions that cover nothing here</h2>\n<p>${unused}</p>`}
${entry === undefined ? none : html`<h2>A piece of policy</h2>\n<p>${entry.instruction}</p>\n<pre>${entry.yaml}</pre>`}`,
  );
}

function namespaceTable({ namespaces, totals, before }: Preview): Html {
  const cells = (own: NamespacePreview['totals'], earlier: NamespacePreview['before']): Html[] =>
    columns.map(({ of }) => html`<td data-value="${own[of]}">${cellOf(own[of], earlier?.[of])}</td>`);
  return html`<table>
<thead><tr><th><button>namespace</button></th>${columns.map(({ heading }) => html`<th><button>${heading}</button></th>`)}<th></th></tr></thead>
<tbody>
${namespaces.map(
  (each) =>
    html`<tr><td><a href="#${each.namespace}">${each.namespace}</a></td>${cells(each.totals, each.before)}<td class="${each.isReady ? 'good' : 'faint'}">${markOf(each)}</td></tr>\n`,
)}</tbody>
<tfoot><tr><td></td>${cells(totals, before)}<td></td></tr></tfoot>
</table>`;
}

function namespaceDetails(preview: NamespacePreview, style: PreviewStyle): Html {
  const { namespace, rules, workloads } = preview;
  const hindered = hinderedIn(preview);
  const rows = rules.map(
    (rule) =>
      html`<tr><td>${rule.rule.id}</td>${ruleColumns.map(({ of }) => html`<td>${cellOf(rule[of], undefined)}</td>`)}<td class="text faint">${runningOnlyNote(rule)}</td></tr>\n`,
  );
  const table = html`<table>
<thead><tr><th>rule</th>${ruleColumns.map(({ heading }) => html`<th>${heading}</th>`)}<th></th></tr></thead>
<tbody>
${rows}</tbody>
</table>`;
  return html`<details id="${namespace}"${hindered === 0 ? none : html` open`}>
<summary><strong>${namespace}</strong>: ${counted(workloads.length, 'workload')}, ${wordFor(preview)}</summary>
${rules.length === 0 ? html`<p>Nothing would happen.</p>` : table}
<ul>
${workloads.map((workload) => workloadItem(workload, style))}</ul>
</details>
`;
}

function wordFor(preview: NamespacePreview): Html {
  const hindered = hinderedIn(preview);
  if (preview.isReady) return html`<span class="good">${markOf(preview)}</span>`;
  if (hindered === 0) return html`<span class="faint">${markOf(preview)}</span>`;
  return html`<span class="bad">${hindered} would be denied or stop${fixesNote(preview)}</span>`;
}

function workloadItem(workload: WorkloadPreview, { diff }: PreviewStyle): Html {
  const hindrances = hindrancesOf(workload);
  const patch = diff ? podDiffOf(workload.subject) : '';
  if (!isHindered(workload) && patch === '') return none;
  return html`<li>${titleFor(workload)}${isHindered(workload) ? html`: <span class="bad">${hindrances}</span>` : none}${patch === '' ? none : html`\n<pre>${patch}</pre>`}</li>\n`;
}
