import { matchesGlob } from '../engine/glob.ts';
import { templatesOf } from '../manifests/pod-template.ts';
import { type Pointer, pointer, valueAt } from '../patch/pointer.ts';
import { imageFault } from './image-fault.ts';
import type { PolicyFault } from './policy-problem.ts';
import { pathOf } from './resolve-sections.ts';
import { hasForm, workloadFrom } from './texts.ts';

/** Problems of a policy file that a schema cannot express. Skips values of the wrong type, which the schema reports. */
export function furtherFaults(document: unknown): PolicyFault[] {
  return [
    ...exemptionFaults(document),
    ...starFaults(document),
    ...imageFaults(document),
    ...operatorFaults(document),
    ...podTemplateFaults(document),
  ];
}

/** Those of exemptions, in a policy or in a file of their own. */
export function exemptionFaults(document: unknown): PolicyFault[] {
  const names = textsAt(document, each(document, '/exemptions', '/name'));
  const listsIn = (field: Pointer): Pointer[] => elements(document, each(document, '/exemptions', field));
  return [
    ...repeated(names, (first) => `is also the name of ${first}; logs and metrics identify exemptions by it`),
    ...faultsIn(document, listsIn('/match/images'), imageFault),
    ...faultsIn(document, listsIn('/match/workloads'), workloadFault),
  ];
}

const starFaults = (document: unknown): PolicyFault[] =>
  textsAt(document, elements(document, each(document, '/exemptions', '/rules'))).flatMap(({ path, text }) =>
    text === '*' && lengthAt(document, parentOf(path)) > 1
      ? [{ path, message: 'stands for all rules; write ["*"] alone, or list only the intended rules' }]
      : [],
  );

const operatorFaults = (document: unknown): PolicyFault[] =>
  textsAt(document, elements(document, ['/operators'])).flatMap(({ path, text }) => {
    const message = hasForm('account', text) ? accountFault(text) : undefined;
    return message === undefined ? [] : [{ path, message }];
  });

const imageFaults = (document: unknown): PolicyFault[] => [
  ...faultsIn(document, each(document, '/images', '/image'), imageFault),
  ...each(document, '/images', '').flatMap((path) =>
    Object.keys(Object(valueAt(document, path))).join() === 'image'
      ? [{ path, message: 'states nothing; add at least one of user, setuid, capabilities, shell, sleep' }]
      : [],
  ),
];

function faultsIn(
  document: unknown,
  places: readonly Pointer[],
  faultOf: (text: string) => string | undefined,
): PolicyFault[] {
  return textsAt(document, places).flatMap(({ path, text }) => {
    const message = text === '' ? undefined : faultOf(text);
    return message === undefined ? [] : [{ path, message }];
  });
}

/** A kind in the wrong case never matches. A lower-case first letter is already rejected by the schema. */
function workloadFault(workload: string): string | undefined {
  const meant = workloadFrom(workload);
  return meant === workload || /^[^A-Z]/.test(workload)
    ? undefined
    : `can never match, because there is no such kind; did you mean "${meant}"?`;
}

function podTemplateFaults(document: unknown): PolicyFault[] {
  const entries = each(document, '/podTemplates', '').flatMap((entry) => {
    const [group, kind, path] = ['/group', '/kind', '/path'].map((key) =>
      valueAt(document, `${entry}${key}` as Pointer),
    );
    if (typeof group !== 'string' || typeof kind !== 'string') return [];
    return [
      { path: entry, group, kind, template: typeof path === 'string' && hasForm('dotPath', path) ? path : undefined },
    ];
  });
  const templates = entries.flatMap(({ path, group, kind, template }) =>
    template === undefined ? [] : [{ path: `${path}/path` as Pointer, text: `${template} of ${kind} of ${group}` }],
  );
  return [
    ...repeated(templates, (first, text) => `${text} is ${first} already; one entry covers all versions of a kind`),
    ...entries.flatMap(({ path, template, group, kind }) => {
      const message = template === undefined ? undefined : templateFault(template, group, kind);
      return message === undefined ? [] : [{ path: `${path}/path` as Pointer, message }];
    }),
  ];
}

function templateFault(template: string, group: string, kind: string): string | undefined {
  const known = templatesOf(group, kind);
  if (known.length > 0 && (known.length > 1 || known[0] !== pathOf(template)))
    return `podwright knows where ${kind} of ${group} keeps its templates, and it is not there; remove the entry`;
  const inner = /^(.*template)\.spec$/i.exec(template)?.[1];
  if (inner === undefined) return undefined;
  return `must end at the template, which holds the metadata and the spec of the Pod; did you mean "${inner}"?`;
}

interface Text {
  readonly path: Pointer;
  readonly text: string;
}

/** A problem at each text that repeats an earlier one. */
function repeated(texts: readonly Text[], message: (first: string, text: string) => string): PolicyFault[] {
  const first = new Map<string, Pointer>();
  return texts.flatMap(({ path, text }) => {
    const earlier = first.get(text);
    if (earlier !== undefined) return [{ path, message: message(entryOf(earlier), text) }];
    first.set(text, path);
    return [];
  });
}

/** `exemptions[0]`, from a pointer to or into it. */
const entryOf = (path: Pointer): string => path.replace(/^\/(\w+)\/(\d+).*$/, '$1[$2]');

const parentOf = (path: Pointer): Pointer => path.slice(0, path.lastIndexOf('/')) as Pointer;

/** The same field of all elements of a list. */
function each(document: unknown, list: Pointer, field: Pointer): Pointer[] {
  return elements(document, [list]).map((element): Pointer => `${element}${field}` as Pointer);
}

const elements = (document: unknown, lists: readonly Pointer[]): Pointer[] =>
  lists.flatMap((list) =>
    Array.from({ length: lengthAt(document, list) }, (_, index): Pointer => `${list}${pointer(index)}` as Pointer),
  );

function lengthAt(document: unknown, path: Pointer): number {
  const list = valueAt(document, path);
  return Array.isArray(list) ? list.length : 0;
}

const textsAt = (document: unknown, paths: readonly Pointer[]): Text[] =>
  paths.flatMap((path) => {
    const text = valueAt(document, path);
    return typeof text === 'string' ? [{ path, text }] : [];
  });

/** Unlikely names: a glob that matches one of them matches anything. */
const [anyNamespace, anyName] = ['q7x2zk4w', 'p9v3jd8m'];

const prefix = 'system:serviceaccount:';
const instead =
  'name the accounts of the operators that you run, like system:serviceaccount:argo-rollouts:argo-rollouts';

/** Why a glob must not be listed as an operator, and what to write instead; undefined if it may. */
function accountFault(pattern: string): string | undefined {
  const users = [anyName, `${anyName}@${anyNamespace}`, `${anyName}:${anyNamespace}`];
  const matches = (text: string): boolean => matchesGlob(pattern, text);
  if (matches(`${prefix}${anyNamespace}:${anyName}`)) return `would match every service account; ${instead}`;
  if (users.some(matches)) return `would match every user; ${instead}`;
  const name = pattern.slice(pattern.lastIndexOf(':') + 1).replaceAll('*', anyName);
  if (matches(`${prefix}${anyNamespace}:${name}`))
    return 'would match an account of this name in every namespace, which tenants can create; name its namespace';
  const [, namespace, account] = /^([-a-z0-9*]+)[:/]([-a-z0-9.*]+)$/.exec(pattern) ?? [];
  if (namespace === undefined || namespace === 'system') return undefined;
  return `is not a user name; did you mean "${prefix}${namespace}:${account}"?`;
}
