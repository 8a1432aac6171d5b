import { repository } from '../engine/links.ts';
import { schemaAddress } from '../policy/schema.ts';

/** A policy that spells out the defaults, with the other sections as comments. Each section is valid when uncommented. */
export const starterPolicy = `# yaml-language-server: $schema=${schemaAddress}
# The policy of Podwright. All keys: ${repository}/blob/main/docs/configuration.md
apiVersion: podwright.dev/v1alpha1
kind: Policy

# The preset that rules start from: recommended, strict, pss-baseline, pss-restricted, none.
extends: recommended

# The maximum mode of all rules: off, audit (only recorded), warn, enforce.
mode: enforce

# Whether Pods are repaired at admission where that is safe.
fixes: true

# Overrides for single rules. podwright rules lists all rules, podwright explain RULE explains one.
# rules:
#   require-cpu-request: { mode: warn }
#   pre-stop-sleep: { options: { seconds: 15 } }

# Overrides for some namespaces; if several match, later ones win.
# namespaces:
# - match: { names: ["team-*"] }
#   mode: warn

# Workloads that cannot follow a rule, with a reason, an owner and, optionally, an expiry date.
# exemptions:
# - name: node-exporter
#   rules: [no-host-network, no-host-path, no-host-pid]
#   match: { namespaces: [monitoring], workloads: ["DaemonSet/*node-exporter"] }
#   reason: measures the node
#   owner: team-observability
#   expires: 2027-03-31
`;
