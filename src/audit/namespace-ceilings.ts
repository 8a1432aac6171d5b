import { policyIn } from '../engine/namespace-policy.ts';
import type { Mode } from '../engine/rule.ts';
import { type PreviewQuestion, withCeiling } from './preview-policies.ts';

/** What holds for all rules in a namespace. */
export interface Ceilings {
  readonly namespace: string;
  readonly mode: Mode;
  /** The mode as the policy is written, without a ceiling that is set for the preview. */
  readonly writtenMode: Mode;
  /** An entry of the policy switches it off; no ceiling that is set for a preview lifts that. */
  readonly isSwitchedOff: boolean;
  /** Whether any fix may act there. */
  readonly fixes: boolean;
}

export function openCeilings({ policy, written, surroundings }: PreviewQuestion): (namespace: string) => Ceilings {
  const lifted = withCeiling(policy, 'enforce');
  return (name) => {
    const namespace = { name, labels: surroundings.labelsOf(name) };
    const { mode, fixes } = policyIn(policy, namespace);
    return {
      namespace: name,
      mode,
      writtenMode: policyIn(written, namespace).mode,
      isSwitchedOff: policyIn(lifted, namespace).mode === 'off',
      fixes,
    };
  };
}
