import { type Kubectl, kubectlIn, type StoredPod } from '../support/kubectl.ts';

/** One policy for a cluster of teams that are not all as far: a label of the namespace says how far. */
export const sharedPolicy = `
apiVersion: podwright.dev/v1alpha1
kind: Policy
extends: none
mode: audit
controllers: enforce
rules:
  no-host-network: { mode: enforce }
  no-host-process: { mode: enforce }
  no-privileged-containers: { mode: enforce }
  no-privilege-escalation: { mode: enforce, fix: true }
  require-seccomp-profile: { mode: enforce, fix: true }
  require-cpu-request: { mode: enforce }
  require-memory-limit: { mode: warn }
namespaces:
- match: { labels: { podwright.dev/mode: warn } }
  mode: warn
  fixes: false
- match: { labels: { podwright.dev/mode: enforce } }
  mode: enforce
operators: ["system:serviceaccount:ten-operators:database"]
exemptions:
- name: cni
  rules: ["*"]
  match: { namespaces: [ten-network], workloads: [DaemonSet/calico-node] }
  reason: programs the node's network
  owner: team-platform
- name: nightly-report
  rules: [require-cpu-request]
  match: { namespaces: [ten-batch], workloads: [CronJob/nightly] }
  reason: takes what the night leaves over
  owner: team-batch
- name: databases
  rules: [no-privileged-containers]
  match: { namespaces: [ten-orders], workloads: ["Cluster/*"] }
  reason: formats its own disks
  owner: team-databases
- name: debugging
  rules: ["*"]
  match: { groups: [sre], containers: ["debugger*"] }
  reason: looks into what runs, with every means
  owner: team-sre
`;

/** A namespace of a team that is as far as this. */
export const namespaceOf = (name: string, mode: 'warn' | 'enforce'): Promise<Kubectl> =>
  kubectlIn(name, { 'podwright.dev/mode': mode });

/** What the admission of a Pod can have changed of it. */
export function admittedAs({ metadata, spec }: StoredPod) {
  const { securityContext, containers } = spec as StoredPod['spec'] & { readonly securityContext?: object };
  return {
    annotations: metadata.annotations,
    pod: securityContext,
    containers: containers.map((container) => (container as { readonly securityContext?: object }).securityContext),
  };
}

/** What Podwright gives every Pod under the shared policy. */
export const repaired = {
  annotations: { 'podwright.dev/fixed': 'no-privilege-escalation,require-seccomp-profile' },
  pod: { seccompProfile: { type: 'RuntimeDefault' } },
  containers: [{ allowPrivilegeEscalation: false }],
};
export const untouched = { annotations: undefined, pod: {}, containers: [undefined] };
