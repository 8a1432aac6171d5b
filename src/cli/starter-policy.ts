import { schemaAddress } from '../policy/schema.ts';
import { repository } from './formats/links.ts';

/** A policy that says what is so anyway, and in comments what else it could say. Each comment in YAML is valid as it is. */
export const starterPolicy = `# yaml-language-server: $schema=${schemaAddress}
# The policy of Podwright. All keys: ${repository}/blob/main/docs/configuration.md
apiVersion: podwright.dev/v1alpha1
kind: Policy

# What the rules start from: recommended, strict, pss-baseline, pss-restricted, none.
extends: recommended

# The ceiling over all rules: off, audit (recorded, and nobody is told), warn, enforce.
mode: enforce

# Whether Pods are repaired at admission where that is safe.
fixes: true

# Rules that are to be otherwise. podwright rules lists all, podwright explain RULE says why one exists.
# rules:
#   require-cpu-request: { mode: warn }
#   pre-stop-sleep: { options: { seconds: 15 } }

# What holds otherwise in some namespaces; of several that match, a later one wins.
# namespaces:
# - match: { names: ["team-*"] }
#   mode: warn

# What cannot keep a rule, with the reason, who answers for it and, if you like, a last day.
# exemptions:
# - name: node-exporter
#   rules: [no-host-network, no-host-path, no-host-pid]
#   match: { namespaces: [monitoring], workloads: ["DaemonSet/*node-exporter"] }
#   reason: measures the node
#   owner: team-observability
#   expires: 2027-03-31
`;
