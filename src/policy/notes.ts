import { type Exemption, isOpenToAll } from '../engine/exemption.ts';
import type { Policy } from '../engine/policy.ts';

/** Whom an exemption that goes by images or containers alone is for, and what to do about it. */
export function openToAllNote({ name, match }: Exemption): string {
  const isEverywhere = match.namespaces === undefined && match.namespaceLabels === undefined;
  const where = isEverywhere ? 'in any namespace' : 'in these namespaces';
  return `${name}: anybody who may create Pods ${where} can use it, with any command and volume; add workloads or serviceAccounts, or set an option of the rule instead`;
}

/** Accounts that apply what others write: the references in it would be believed. */
const passesOn = /:(argocd|flux-system):|argocd-application-controller|kustomize-controller|helm-controller/;

/** What is valid in a policy and opens more than it seems to, a line each. */
export function policyNotes({ exemptions, operators }: Policy): string[] {
  return [
    ...exemptions.filter(isOpenToAll).map((exemption) => `exemption ${openToAllNote(exemption)}`),
    ...operators
      .filter((pattern) => passesOn.test(pattern))
      .map(
        (pattern) =>
          `operator ${pattern}: applies what others write, and owners written there would be believed; leave it out`,
      ),
  ];
}
