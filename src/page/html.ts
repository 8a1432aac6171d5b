/** Markup that can be inserted into a page unchanged. */
export interface Html {
  readonly markup: string;
}

type Part = string | number | Html | readonly Html[];

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** A template of markup. Inserted texts are escaped for elements and quoted attributes. */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Html {
  return { markup: String.raw({ raw: strings }, ...parts.map(markupOf)) };
}

/**
 * The same for long markup: a template of which the elements of iterators are rendered one by one, so that a server can
 * pause in between.
 */
export function* htmlParts(
  strings: TemplateStringsArray,
  ...parts: readonly (Part | IteratorObject<Html>)[]
): Generator<Html, undefined> {
  for (const [at, markup] of strings.entries()) {
    yield { markup };
    const part = parts[at];
    if (part === undefined) continue;
    if (isIterator(part)) yield* part;
    else yield { markup: markupOf(part) };
  }
}

const isIterator = (part: Part | IteratorObject<Html>): part is IteratorObject<Html> =>
  typeof part === 'object' && 'next' in part;

/** All parts together. */
export const joined = (parts: Iterable<Html>): string => Array.from(parts, ({ markup }) => markup).join('');

/** Empty markup. */
export const none: Html = { markup: '' };

function markupOf(part: Part): string {
  if (typeof part === 'number') return String(part);
  if (typeof part === 'string') return part.replaceAll(/[&<>"']/g, (character) => entities[character] ?? '');
  return 'markup' in part ? part.markup : part.map(({ markup }) => markup).join('');
}
