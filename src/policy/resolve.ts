import { getBuiltinModule } from 'node:process';
import type { ImageEntry } from '../engine/image-entry.ts';
import type { MessageSettings, Policy, SelfService } from '../engine/policy.ts';
import type { Rule } from '../engine/rule.ts';
import type { RuleSetting } from '../engine/rule-setting.ts';
import { type Preset, presetSettings } from './presets.ts';
import {
  exemptionFrom,
  imageEntryFrom,
  modeFrom,
  namespaceEntry,
  podTemplateFrom,
  type RuleOverride,
  selfServiceFrom,
  type WrittenExemption,
  type WrittenMode,
  type WrittenNamespaceEntry,
  type WrittenPodTemplate,
} from './resolve-sections.ts';

/** The content of a policy file, after validation against `policySchema`. */
export interface PolicyDocument {
  readonly extends?: Preset;
  readonly presetVersion?: number;
  readonly kubernetesVersion?: string;
  readonly mode?: WrittenMode;
  readonly fixes?: boolean;
  readonly workloads?: WrittenMode;
  readonly existing?: WrittenMode;
  readonly controllers?: WrittenMode;
  readonly annotate?: boolean;
  readonly messages?: MessageSettings;
  readonly rules?: Readonly<Record<string, RuleOverride>>;
  readonly namespaces?: readonly WrittenNamespaceEntry[];
  readonly exemptions?: readonly WrittenExemption[];
  readonly selfService?: Pick<SelfService, 'rules'> & Partial<SelfService>;
  readonly images?: readonly ImageEntry[];
  readonly operators?: readonly string[];
  readonly operatorKinds?: Readonly<Record<string, string>>;
  readonly podTemplates?: readonly WrittenPodTemplate[];
}

/** Defaults for omitted settings. */
export const defaults = {
  extends: 'recommended',
  mode: 'enforce',
  fixes: true,
  workloads: 'enforce',
  existing: 'warn',
  controllers: 'enforce',
  annotate: true,
  messages: {},
} as const satisfies PolicyDocument;

/** Resolves a valid document and the rules into a policy. */
export function resolve(document: PolicyDocument, rules: readonly Rule[]): Policy {
  const written = { ...defaults, ...document };
  const sorted = rules.toSorted((a, b) => (a.id < b.id ? -1 : 1));
  const content = {
    mode: modeFrom(written.mode),
    fixes: written.fixes,
    workloads: modeFrom(written.workloads),
    existing: modeFrom(written.existing),
    controllers: modeFrom(written.controllers),
    annotate: written.annotate,
    messages: written.messages,
    kubernetesMinor: minorFrom(written.kubernetesVersion),
    rules: presetSettings(written.extends, sorted, written.presetVersion).map((setting) =>
      overridden(setting, written.rules?.[setting.rule.id]),
    ),
    namespaces: (written.namespaces ?? []).map((entry) => namespaceEntry(entry, sorted)),
    exemptions: (written.exemptions ?? []).map(exemptionFrom),
    ...(written.selfService && { selfService: selfServiceFrom(written.selfService) }),
    ...(written.images && { images: written.images.map(imageEntryFrom) }),
    operators: written.operators ?? [],
    ...(written.operatorKinds && { operatorKinds: written.operatorKinds }),
    podTemplates: (written.podTemplates ?? []).map(podTemplateFrom),
  };
  let hash: string | undefined;
  return {
    get hash() {
      return (hash ??= hashOf(content));
    },
    ...content,
  };
}

function overridden(setting: RuleSetting, override: RuleOverride = {}): RuleSetting {
  return {
    rule: setting.rule,
    mode: override.mode === undefined ? setting.mode : modeFrom(override.mode),
    fix: override.fix ?? setting.fix,
    options: { ...setting.options, ...override.options },
  };
}

const minorFrom = (version: string | undefined): number | undefined =>
  version === undefined ? undefined : Number(version.split('.')[1]);

/** The first 12 hex digits of the content's SHA-256; options without a value are ignored. */
function hashOf({ rules, ...others }: Omit<Policy, 'hash'>): string {
  const settings = rules.map(({ rule, mode, fix, options }) => [rule.id, mode, fix, options]);
  // lazy: only a server logs it, and loading this module takes a tenth of a small command's time
  const { createHash } = getBuiltinModule('node:crypto');
  return createHash('sha256')
    .update(JSON.stringify([others, settings]))
    .digest('hex')
    .slice(0, 12);
}
