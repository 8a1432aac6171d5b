/** What the table of keys cannot say of a policy file's sections: chapters of docs/configuration.md, in Markdown. */
export const policySections = `## What applies in which order

1. \`extends\` gives each rule its mode, its fix and its options.
2. \`rules\` overrides that rule by rule: key by key, options option by option, lists as a whole.
3. The entries of \`namespaces\` that match the object's namespace override that in the same way, in the order of the file;
   a later one wins. Their \`mode\` and \`fixes\` take the place of the policy's.
4. A rule's mode is then the weakest of its own and of the ceilings: \`mode\`, and where they apply \`workloads\`,
   \`existing\` and \`controllers\`.
5. \`exemptions\` take single findings out of it. Such a finding is still recorded, with the name of its exemption, and
   is neither repaired, warned of nor denied. Where several cover it, the first in the file is named.

## Namespaces

\`\`\`yaml
namespaces:
- match: { names: ["team-*"] } # gold and silver alike …
  mode: warn
- match: { names: ["team-*"], labels: { tier: gold } } # … but gold has to comply
  mode: enforce
  fixes: false
  rules:
    pin-image-tag: { mode: enforce }
    require-cpu-request: { fix: true, options: { default: 50m } }
\`\`\`

An entry needs \`names\`, \`labels\` or both. \`names\` are globs: \`*\` stands for any characters, and the whole name has to
match; one of the list is enough. \`labels\` are those of the Namespace object, not of the Pod, and all of them must be
there; a value may be a glob too, so \`tier: "*"\` asks for a \`tier\` of any value. YAML reads \`true\` and \`1\` as something
else than text: put such values in quotes. With both, both must match.

**While the labels of a namespace are not known**, every rule takes the strictest reading: its strongest mode under any
choice of the entries whose names match and whose labels are open. So nobody gains by being early. On the command line
that is so wherever the files hold no Namespace object; \`podwright audit\` names these namespaces on standard error, and
\`podwright explain -f\` says which entries are open.

## Exemptions

\`\`\`yaml
exemptions:
- name: cni
  rules: [no-host-network, no-host-path]
  match:
    namespaces: [kube-system]
    workloads: ["DaemonSet/calico-node"]
    images: ["docker.io/calico/*"]
  reason: programs the node's network
  owner: team-platform
  expires: 2027-03-31
\`\`\`

Every field of \`match\` has to match, by any of its values. Values are globs: \`*\` stands for any characters, \`/\` included,
and the whole text has to match.

- \`namespaces\`, \`namespaceLabels\`: as above, but labels that are not known match nothing.
- \`workloads\`: the top owner as \`Kind/name\`. A ReplicaSet named after the \`pod-template-hash\` of its Pods counts as its
  Deployment, a Job with a number at its end also as its CronJob. Anybody can write an owner reference, so at admission
  it is believed only when a controller asks: one of Kubernetes itself, or a service account from outside of the Pod's
  own namespace, as operators have. A Pod that a person creates counts as \`Pod/name\`, whatever it says of its owner.
- \`serviceAccounts\`: the name that the Pod runs as, without its namespace; none is \`default\`.
- \`users\`, \`groups\`: those of whom the request comes from. They match at admission only: nobody asks in a scan, and
  nobody on the command line. \`podwright explain -f\` says where an exemption hangs on them alone.
- \`images\`: the full name as the container runtime completes it, \`docker.io/library/nginx\` for \`nginx\`, and so
  \`docker.io/library/nginx\`, \`quay.io/*\` or \`*/calico/node\`. Tag and digest are compared only if the pattern has one,
  \`docker.io/library/nginx:1.*\`; an image without both has the tag \`latest\`. Beside a digest in the pattern, the tag is
  not compared.
- \`containers\`: their names, those of init and ephemeral containers too.

With \`images\` or \`containers\` an exemption covers the findings of the containers that match both. A finding of the Pod as a
whole, such as \`hostNetwork\` or a volume, is covered only if all containers of the Pod match. A name alone, anybody can
write: name the image too.

An exemption holds to the end of the day that \`expires\` names, in UTC. It stays in the file without effect after that;
\`podwright policy check\` names those that have expired or will within 30 days, \`podwright explain -f\` says where an expired
one is missed, and the metric \`podwright_exemption_expiry_timestamp_seconds\` can raise an alert.

Exemptions for what most clusters run beside applications are in
[examples/policies/add-ons.yaml](../examples/policies/add-ons.yaml).

## Messages

\`\`\`yaml
messages:
  contact: "#platform on chat"
  link: https://policy.example/{rule}
\`\`\`

Denials end with both, warnings carry them where there is room, and each result of a Report has them as properties.
\`{rule}\` stands for the id of the rule.

## Further kinds

\`\`\`yaml
podTemplates:
- { group: example.com, versions: [v1, v1beta1], resource: workers, kind: Worker, path: spec.template }
\`\`\`

\`path\` leads to the object that holds the Pod's \`metadata\` and \`spec\`, by its keys with dots between. Lists are not
supported. Kinds that podwright knows need no entry, and cannot be given another path. The webhooks have to be asked for
such kinds too: the chart sees to that for what stands in its value \`policy\`.
`;
