import { type Exemption, isOpenToAll } from '../engine/exemption.ts';
import { matchesGlob } from '../engine/glob.ts';
import type { NamespaceEntry } from '../engine/namespace-entry.ts';
import type { Policy } from '../engine/policy.ts';
import { imageNotes } from './image-notes.ts';

/** The subjects of an exemption that matches only on images or containers, and what to do about it. */
export function openToAllNote({ name, match }: Exemption): string {
  const isEverywhere = match.namespaces === undefined && match.namespaceLabels === undefined;
  const where = isEverywhere ? 'in any namespace' : 'in these namespaces';
  return `${name}: anyone who can create Pods ${where} can use it, with any command and volume; add workloads or serviceAccounts, or set an option of the rule instead`;
}

/** Names in accounts that apply objects of others, whose owner references would then be trusted. */
const passesOn = /:(argocd|flux-system):|argocd-application-controller|kustomize-controller|helm-controller/;

/** Such accounts where their projects install them, for patterns that match them without naming them. */
const passingOn = [
  'system:serviceaccount:argocd:argocd-application-controller',
  'system:serviceaccount:flux-system:kustomize-controller',
  'system:serviceaccount:flux-system:helm-controller',
];

const opposites = ['require-cpu-limit', 'no-cpu-limit'];

/** Whether rules that no container can follow together are on, at the top or in an entry of `namespaces`. */
function isContradictory({ rules, namespaces }: Policy): boolean {
  const own = new Map(rules.map(({ rule, mode }) => [rule.id, mode]));
  return [{}, ...namespaces.map((entry) => entry.rules)].some((settings: NamespaceEntry['rules']) =>
    opposites.every((id) => (settings[id]?.mode ?? own.get(id) ?? 'off') !== 'off'),
  );
}

/** Valid settings of a policy that mean something else than it seems, one line each. */
export function policyNotes(policy: Policy): string[] {
  const { exemptions, images = [], operators, operatorKinds = {}, selfService } = policy;
  return [
    ...(isContradictory(policy)
      ? [`rules ${opposites.join(' and ')}: no container can follow both; turn one of them off`]
      : []),
    ...exemptions.filter(isOpenToAll).map((exemption) => `exemption ${openToAllNote(exemption)}`),
    ...policy.rules
      .filter(({ rule }) => rule.severity === 'critical' && selfService?.rules.includes(rule.id))
      .map(({ rule }) => `selfService ${rule.id}: teams could take over a node without asking anyone; remove it`),
    ...operators
      .filter((pattern) => passesOn.test(pattern) || passingOn.some((account) => matchesGlob(pattern, account)))
      .map(
        (pattern) =>
          `operator ${pattern}: applies objects of others, whose owner references would be trusted; remove it`,
      ),
    ...Object.entries(operatorKinds)
      .filter(([, account]) => !operators.some((pattern) => matchesGlob(pattern, account)))
      .map(
        ([kind, account]) =>
          `operatorKinds ${kind}: ${account} is not listed under operators, so its owner references are not trusted; list it`,
      ),
    ...imageNotes(images),
  ];
}
