import type { Group, Rule } from '../../src/engine/rule.ts';

export const groupTitles: Readonly<Record<Group, string>> = {
  'pod-security': 'Security: Pod Security Standards',
  hardening: 'Security: beyond the standards',
  resources: 'Reliability: resources',
  'life-cycle': 'Reliability: life cycle',
  probes: 'Reliability: probes',
  shape: 'Reliability: shape',
  images: 'Images',
};

/** Whether there is a fix and whether it is on. */
export function fixCell({ fix }: Rule): string {
  if (fix === undefined) return 'none';
  return fix.byDefault ? 'on' : 'off';
}
