import type { Exemption } from '../engine/exemption.ts';
import type { ImageEntry } from '../engine/image-entry.ts';
import type { Labels, NamespaceEntry } from '../engine/namespace-entry.ts';
import type { OptionValues } from '../engine/options.ts';
import type { SelfService } from '../engine/policy.ts';
import type { Mode, Rule } from '../engine/rule.ts';
import type { PodTemplateKind } from '../manifests/pod-template.ts';
import { type Pointer, pointer } from '../patch/pointer.ts';
import { endOfDay } from './policy-formats.ts';

/** A mode as written: Helm and other YAML 1.1 tools turn an unquoted `off` into `false`. */
export type WrittenMode = Mode | false;

/** A policy's settings for one rule; the rest comes from the preset or, in a namespace, from the policy. */
export interface RuleOverride {
  readonly mode?: WrittenMode;
  readonly fix?: boolean;
  readonly options?: OptionValues;
}

export interface WrittenNamespaceEntry {
  readonly match: NamespaceEntry['match'];
  readonly mode?: WrittenMode;
  readonly fixes?: boolean;
  readonly rules?: Readonly<Record<string, RuleOverride>>;
}

export type WrittenExemption = Omit<Exemption, 'expiresAt'>;

export interface WrittenPodTemplate extends Omit<PodTemplateKind, 'path'> {
  /** The keys, joined by dots; `[]` after one stands for every element of its list or value of its map. */
  readonly path: string;
}

/** The mode; `false` stands for `off`. */
export const modeFrom = (mode: WrittenMode): Mode => (mode === false ? 'off' : mode);

/** Keys in a fixed order, so that equal content gives an equal hash. */
export function namespaceEntry(written: WrittenNamespaceEntry, rules: readonly Rule[]): NamespaceEntry {
  const overrides = rules.flatMap(({ id, options }) => {
    const override = written.rules?.[id];
    return override === undefined ? [] : [[id, settingOf(override, Object.keys(options))] as const];
  });
  return {
    match: namespaceMatch(written.match),
    ...(written.mode !== undefined && { mode: modeFrom(written.mode) }),
    ...(written.fixes !== undefined && { fixes: written.fixes }),
    rules: Object.fromEntries(overrides),
  };
}

const namespaceMatch = ({ names, labels }: NamespaceEntry['match']): NamespaceEntry['match'] => ({
  ...(names && { names }),
  ...(labels && { labels: sorted(labels) }),
});

function settingOf(
  { mode, fix, options = {} }: RuleOverride,
  names: readonly string[],
): NamespaceEntry['rules'][string] {
  const set = names.filter((name) => options[name] !== undefined);
  return {
    ...(mode !== undefined && { mode: modeFrom(mode) }),
    ...(fix !== undefined && { fix }),
    ...(set.length > 0 && { options: Object.fromEntries(set.map((name) => [name, options[name]])) as OptionValues }),
  };
}

const matchFields = [
  ...(['namespaces', 'namespaceLabels', 'workloads', 'serviceAccounts'] as const),
  ...(['users', 'groups', 'images', 'containers'] as const),
];

/** With keys in a fixed order, and the end of its last day. */
export function exemptionFrom({ name, rules, match, reason, owner, expires }: WrittenExemption): Exemption {
  const fields = matchFields.flatMap((field) => {
    const wanted = field === 'namespaceLabels' ? match[field] && sorted(match[field]) : match[field];
    return wanted === undefined ? [] : [[field, wanted] as const];
  });
  const expiresAt = expires === undefined ? undefined : endOfDay(expires);
  return {
    name,
    rules,
    match: Object.fromEntries(fields),
    reason,
    owner,
    ...(expires !== undefined && { expires: expires.slice(0, '2027-03-31'.length) }),
    ...(expiresAt !== undefined && { expiresAt }),
  };
}

/** How many days a team's exemption may apply if the policy does not set it. */
export const defaultMaximumDays = 30;

/** With defaults. */
export const selfServiceFrom = ({
  rules,
  maximumDays = defaultMaximumDays,
  match,
}: Pick<SelfService, 'rules'> & Partial<SelfService>): SelfService => ({
  rules,
  maximumDays,
  ...(match && { match: namespaceMatch(match) }),
});

/** A number may be written in quotes. */
export function imageEntryFrom({ image, user, setuid, capabilities, shell, sleep }: ImageEntry): ImageEntry {
  return {
    image,
    ...(user !== undefined && { user: /^\d+$/.test(String(user)) ? Number(user) : user }),
    ...(setuid && { setuid }),
    ...(capabilities && { capabilities }),
    ...(shell !== undefined && { shell }),
    ...(sleep !== undefined && { sleep }),
  };
}

export function podTemplateFrom({ group, versions, resource, kind, path }: WrittenPodTemplate): PodTemplateKind {
  return { group, versions, resource, kind, path: pathOf(path) };
}

/** `spec.groups[].template` as a pattern. */
export const pathOf = (keys: string): Pointer => pointer(...keys.replaceAll('[]', '.*').split('.'));

const sorted = (labels: Labels): Labels =>
  Object.fromEntries(Object.entries(labels).toSorted(([a], [b]) => (a < b ? -1 : 1)));
