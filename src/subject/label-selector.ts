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

/** `metav1.LabelSelector`; the requirements are ANDed, and an empty selector matches everything. */
export interface LabelSelector {
  readonly matchLabels?: Labels;
  readonly matchExpressions?: readonly LabelRequirement[];
}

interface LabelRequirement {
  readonly key?: string;
  readonly operator?: string;
  readonly values?: readonly string[];
}

/** Whether labels match a selector, like `metav1.LabelSelectorAsSelector`; an unknown operator matches nothing. */
export function matchesLabelSelector(
  { matchLabels = {}, matchExpressions = [] }: LabelSelector,
  labels: Labels,
): boolean {
  return (
    Object.entries(matchLabels).every(([name, wanted]) => Object.hasOwn(labels, name) && labels[name] === wanted) &&
    matchExpressions.every((one) => meets(labels, one))
  );
}

function meets(labels: Labels, { key: name = '', operator, values = [] }: LabelRequirement): boolean {
  const label = Object.hasOwn(labels, name) ? labels[name] : undefined;
  if (operator === 'Exists') return label !== undefined;
  if (operator === 'DoesNotExist') return label === undefined;
  const isIn = label !== undefined && values.includes(label);
  return operator === 'In' ? isIn : operator === 'NotIn' && !isIn;
}
