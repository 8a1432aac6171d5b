import type { Preview } from '../../audit/preview/index.ts';
import { html } from '../../page/html.ts';
import type { PageChapter } from '../../page/page-report.ts';
import { openToAllNote } from '../../policy/notes.ts';
import { plain } from '../output/paint.ts';
import { changeLines } from '../output/preview-changes.ts';
import { endsSections } from '../output/preview-ends.ts';
import { readyEntry } from '../output/preview-entry.ts';
import { operatorsEntry, operatorsHeading } from '../output/preview-operators.ts';
import { exemptionsEntry } from '../output/preview-sentences.ts';
import { openHeading, type PreviewStyle } from '../output/preview-style.ts';

/** The parts of the page below its workloads; each only if there is something to say. */
export function chaptersOf(preview: Preview, style: PreviewStyle): PageChapter[] {
  const { namespaces, suggestions, unusedExemptions, unlistedOperators, openExemptions } = preview;
  const changes = changeLines(
    namespaces.flatMap(({ workloads }) => workloads),
    plain,
  );
  const entry = readyEntry(preview, style);
  const unused = unusedExemptions.map(({ name }) => name).join(', ');
  const chapters: (PageChapter | undefined)[] = [
    changes.length > 0
      ? { heading: 'What changes', content: html`<pre tabindex="0">${changes.slice(1).join('\n')}</pre>` }
      : undefined,
    ...endsSections(preview, plain.columns).map(({ heading, lines }) => ({
      heading,
      content: html`<pre tabindex="0">${lines.join('\n')}</pre>`,
    })),
    unlistedOperators.length > 0
      ? {
          heading: 'Operators that are not listed',
          content: html`<p>${operatorsHeading}</p>\n<pre class="copy" tabindex="0">${operatorsEntry(unlistedOperators)}</pre>`,
        }
      : undefined,
    suggestions.length > 0
      ? {
          heading: 'Add-ons without an exemption',
          content: html`<pre class="copy" tabindex="0">${exemptionsEntry(suggestions)}</pre>`,
        }
      : undefined,
    openExemptions.length > 0
      ? {
          heading: openHeading,
          content: html`<pre tabindex="0">${openExemptions.map(openToAllNote).join('\n')}</pre>`,
        }
      : undefined,
    unused === '' ? undefined : { heading: 'Exemptions that cover nothing here', content: html`<p>${unused}</p>` },
    entry && {
      heading: 'Suggested policy',
      content: html`<p>${entry.instruction}</p>\n<pre class="copy" tabindex="0">${entry.yaml}</pre>`,
    },
  ];
  return chapters.filter((chapter) => chapter !== undefined);
}
