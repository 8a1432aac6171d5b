/** The policy of the comparison: the rules' own modes, in force where a namespace says so, and every kind of exemption. */
export const policy = `apiVersion: podwright.dev/v1alpha1
kind: Policy
mode: audit
controllers: enforce
namespaces:
- match: { labels: { podwright.dev/mode: enforce } }
  mode: enforce
operators:
- system:serviceaccount:fate-operators:stock-operator
exemptions:
- name: by-workload
  rules: [no-host-network, require-cpu-request]
  match: { namespaces: ["fate-*"], workloads: [Deployment/exempt-by-workload, CronJob/exempt, Stock/*] }
  reason: belongs to the node
  owner: team
- name: by-image
  rules: [no-host-network]
  match: { namespaces: ["fate-*"], images: [registry.example/agent] }
  reason: belongs to the node
  owner: team
- name: by-account
  rules: [no-host-network]
  match: { namespaces: ["fate-*"], serviceAccounts: [agent] }
  reason: belongs to the node
  owner: team
- name: expired
  rules: [no-host-network]
  match: { namespaces: ["fate-*"], workloads: [Deployment/exempt-until-yesterday] }
  reason: was new
  owner: team
  expires: 2020-01-31
`;
