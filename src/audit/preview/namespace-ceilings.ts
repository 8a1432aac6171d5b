import { policyIn } from '../../engine/namespace-policy.ts';
import type { Mode } from '../../engine/rule.ts';
import { type PreviewQuestion, withCeiling } from './preview-policies.ts';

/** The ceilings for all rules in a namespace. */
export interface Ceilings {
  readonly namespace: string;
  readonly mode: Mode;
  /** The mode as written in the policy, without the preview's ceiling. */
  readonly writtenMode: Mode;
  /** Turned off by an entry of the policy; the preview's ceiling does not change that. */
  readonly isOff: boolean;
  /** Whether any fix may be applied there. */
  readonly fixes: boolean;
}

/** A lookup of ceilings by the name of the namespace. */
export function openCeilings({ policy, written, surroundings }: PreviewQuestion): (namespace: string) => Ceilings {
  const lifted = withCeiling(policy, 'enforce');
  return (name) => {
    const namespace = { name, labels: surroundings.at(name).namespaceLabels };
    const { mode, fixes } = policyIn(policy, namespace);
    return {
      namespace: name,
      mode,
      writtenMode: policyIn(written, namespace).mode,
      isOff: policyIn(lifted, namespace).mode === 'off',
      fixes,
    };
  };
}
