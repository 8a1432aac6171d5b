import { type PreviewQuestion, withCeiling } from '../audit/preview/index.ts';
import type { Policy } from '../engine/policy.ts';
import type { Mode } from '../engine/rule.ts';
import type { FoundClusterPolicy } from './cluster-policy.ts';
import { adjusted, type PolicyOptions } from './policy-options.ts';

/** The options that choose the policies of a preview. */
export interface ChoiceOptions extends PolicyOptions {
  /** The ceiling for Pods that controllers recreate. */
  readonly controllers?: Mode;
}

/** The policies of a preview. */
export interface ChosenPolicies extends Pick<PreviewQuestion, 'policy' | 'written' | 'before'> {
  /** In words. */
  readonly text: string;
  /** The value for every `mode` ceiling. */
  readonly ceiling: Mode | undefined;
}

/** A policy file can be previewed even if the policy in force is invalid, because it may be its repair. */
export function chosenPolicies(
  candidate: Policy | undefined,
  inForce: FoundClusterPolicy,
  options: ChoiceOptions,
): ChosenPolicies | { readonly problems: readonly string[] } {
  const { mode, policy: file, kubernetesVersion } = options;
  if (candidate === undefined) {
    if ('problems' in inForce) return inForce;
    const asked = asAsked(inForce.policy, mode ?? 'enforce', options);
    return { ...asked, text: `${inForce.source}${asked.text}` };
  }
  const asked = asAsked(candidate, mode, options);
  if ('problems' in inForce) return { ...asked, text: `${file}${asked.text}, compared with nothing` };
  const before = adjusted(inForce.policy, kubernetesVersion === undefined ? {} : { kubernetesVersion });
  return { ...asked, before, text: `${file}${asked.text}, compared with ${inForce.source}` };
}

/** A policy with the preview's ceilings, and a description of them. */
function asAsked(
  written: Policy,
  ceiling: Mode | undefined,
  { controllers, ...options }: ChoiceOptions,
): ChosenPolicies {
  const { mode: _, ...others } = options;
  const lifted = ceiling === undefined ? written : withCeiling(written, ceiling);
  const policy = { ...adjusted(lifted, others), controllers: controllers ?? written.controllers };
  return { policy, written, ceiling, text: asIfText(written, ceiling, controllers) };
}

/** The preview's ceilings in words: `, as if every mode ceiling were enforce`. */
function asIfText({ namespaces }: Policy, ceiling: Mode | undefined, controllers: Mode | undefined): string {
  const lifted = namespaces.some(({ mode }) => mode === 'off') ? 'mode ceiling that is not off' : 'mode ceiling';
  const parts = [
    ...(ceiling === undefined ? [] : [`every ${lifted} were ${ceiling}`]),
    ...(controllers === undefined ? [] : [`controllers were ${controllers}`]),
  ];
  return parts.length === 0 ? '' : `, as if ${parts.join(' and ')}`;
}

/** Why nothing is blocked on restart, if not for lack of findings. */
export function stopNote({ mode, namespaces, controllers }: Policy): string {
  const enforces = [mode, ...namespaces.map((entry) => entry.mode)].includes('enforce');
  if (!enforces || controllers === 'enforce') return '';
  return `; nothing stops while controllers is ${controllers} (--controllers enforce shows what would)`;
}
