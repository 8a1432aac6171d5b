type Labels = Readonly<Record<string, string>>;

const key = String.raw`[A-Za-z0-9](?:[-A-Za-z0-9_./]*[A-Za-z0-9])?`;
const value = String.raw`[-A-Za-z0-9_.]*`;
const list = String.raw`\( *${value}(?: *, *${value})* *\)`;
const requirement = String.raw` *(?:!?${key}|${key} *(?:==?|!=) *${value}|${key} +(?:in|notin) *${list}) *`;

/** Label selectors in the syntax of `kubectl get -l`, for an option's schema. */
export const selectorPattern = `^${requirement}(?:,${requirement})*$`;

const selectorGrammar = new RegExp(selectorPattern);
const partGrammar = /(!?)([^\s,!=()]+) *(?:(==?|!=) *([^\s,]*)|(in|notin) *\(([^)]*)\))? *(?:,|$)/g;

/**
 * Whether the labels match every requirement of the selector (apimachinery `labels.Parse`); a malformed selector
 * matches nothing.
 */
export function matchesSelector(selector: string, labels: Labels): boolean {
  if (!selectorGrammar.test(selector)) return false;
  for (const [, not, name = '', sign, single = '', word, values = ''] of selector.trim().matchAll(partGrammar)) {
    const label = Object.hasOwn(labels, name) ? labels[name] : undefined;
    if (sign === undefined && word === undefined) {
      if ((label === undefined) !== (not === '!')) return false;
      continue;
    }
    const wanted = sign === undefined ? values.split(',').map((text) => text.trim()) : [single];
    const isIn = label !== undefined && wanted.includes(label);
    if (isIn !== (sign === '=' || sign === '==' || word === 'in')) return false;
  }
  return true;
}
