/** Chapters of docs/configuration.md that explain what the table of keys cannot, in Markdown. */
export const policySections = `## Order of precedence

1. \`extends\` sets the mode, fix and options of each rule.
2. \`rules\` overrides them rule by rule: keys and options are merged, lists are replaced.
3. Entries of \`namespaces\` that match the object's namespace override the result in the same way, in file order;
   later entries win. Their \`mode\` and \`fixes\` replace those of the policy.
4. The effective mode of a rule is the weakest of its own mode and the ceilings: \`mode\` and, where they apply, \`workloads\`,
   \`existing\` and \`controllers\`.
5. \`exemptions\` exclude individual findings. An exempt finding is still recorded, with the name of its exemption, but
   not repaired, warned about or denied. If several exemptions cover it, the first one in the file is recorded.

## Namespaces

\`\`\`yaml
namespaces:
- match: { names: ["team-*"] } # gold and silver …
  mode: warn
- match: { names: ["team-*"], labels: { tier: gold } } # … but gold must comply
  mode: enforce
  fixes: false
  rules:
    pin-image-tag: { mode: enforce }
    require-cpu-request: { fix: true, options: { default: 50m } }
\`\`\`

An entry needs \`names\`, \`labels\` or both; if it has both, both must match. \`names\` are globs: \`*\` matches any characters, and the
whole name must match one of the list. \`labels\` refer to the Namespace object, not to the Pod, and all of them must
match. A value can be a glob too: \`tier: "*"\` requires a \`tier\` with any value. Quote values that YAML does not read as
text, such as \`true\` and \`1\`.

**While the labels of a namespace are unknown**, every rule gets the strictest interpretation: its strongest mode under any
combination of the entries that match by name and might match by label. This way, creating a Pod early gives no advantage. On the command line
this applies whenever the files contain no Namespace object; \`podwright audit\` lists these namespaces on standard error, and
\`podwright explain -f\` shows which entries are undecided.

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

Every field of \`match\` must match, by any of its values. Values are globs: \`*\` matches any characters, including \`/\`,
and the whole text must match.

- \`namespaces\`, \`namespaceLabels\`: as above, except that unknown labels match nothing.
- \`workloads\`: the top-level owner as \`Kind/name\`. A ReplicaSet named after the \`pod-template-hash\` of its Pods counts as its
  Deployment; a Job with a numeric suffix also counts as its CronJob. Anyone can write an owner reference, so at admission
  it is trusted only if one of Kubernetes' own controllers makes the request, or an account listed under \`operators\`. What
  anyone else creates counts by its own name, such as \`Pod/name\`, regardless of its owner references.
- \`serviceAccounts\`: the service account that the Pod runs as, without its namespace; \`default\` if it names none.
- \`users\`, \`groups\`: the user who makes the request. They match only at admission, because scans and the command line have
  no requesting user. \`podwright explain -f\` points out exemptions that depend on them alone.
- \`images\`: the full name as the container runtime resolves it (\`docker.io/library/nginx\` for \`nginx\`), with the host in
  lower case and without port 443; \`index.docker.io\`, \`registry-1.docker.io\` and \`registry.hub.docker.com\` are \`docker.io\`. For example
  \`docker.io/library/nginx\`, \`quay.io/*\` or \`*/calico/node\`. Tag and digest are compared only if the pattern has one:
  \`docker.io/library/nginx:1.*\`. An image with neither has the tag \`latest\`. If the pattern has a digest, the tag is
  ignored.
- \`containers\`: container names, including init and ephemeral containers.

With \`images\` or \`containers\`, an exemption covers findings of containers that match both. A finding about the Pod as a
whole, such as \`hostNetwork\` or a volume, is covered only if all containers of the Pod match. Anyone who can
create Pods in the namespace can choose images and container names, with any command and volume: \`podwright policy check\` and
\`podwright preview\` name the exemptions that match on nothing else. Add \`workloads\` or \`serviceAccounts\`, or use a
narrower rule option.

An exemption applies until the end of the day \`expires\`, in UTC. After that it stays in the file without effect.
\`podwright policy check\` lists exemptions that have expired or will within 30 days, \`podwright explain -f\` shows where an expired
exemption would have applied, and the metric \`podwright_exemption_expiry_timestamp_seconds\` is there for alerts.

[examples/policies/add-ons.yaml](../examples/policies/add-ons.yaml) has exemptions for add-ons that most clusters run.

## Exemptions of teams

\`\`\`yaml
selfService:
  rules: [run-as-non-root, require-cpu-request]
  maximumDays: 30
  match: { labels: { tier: development } }
\`\`\`

With \`selfService\`, teams exempt their own workloads; without it, they cannot. In a namespace that matches, the ConfigMap
\`podwright-exemptions\` holds exemptions in the key \`exemptions.yaml\`, with the syntax of those of the policy:

\`\`\`yaml
apiVersion: v1
kind: ConfigMap
metadata:
  name: podwright-exemptions
  namespace: shop
data:
  exemptions.yaml: |
    exemptions:
    - name: legacy
      rules: [run-as-non-root]
      match: { workloads: [Deployment/legacy] }
      reason: the vendor repairs it in the next release
      owner: team-shop
      expires: 2026-12-12
\`\`\`

- They apply in the namespace of the ConfigMap only. \`match\` can have \`workloads\`, \`serviceAccounts\`, \`images\` and \`containers\`.
- \`rules\` names rules that the policy lists. There is no \`*\`, here or there. Do not list rules that protect the node:
  \`podwright policy check\` warns about the critical ones.
- \`expires\` is required, and at most \`maximumDays\` days ahead. Changing the day renews an exemption.
- Everywhere else it appears under a name with the namespace: \`shop/podwright-exemptions/legacy\`.

The webhook denies an edit with a problem, and lists each with line and column; otherwise a warning states what is exempt until when. \`podwright policy check exemptions.yaml --policy podwright.yaml\`
lists for a file the exemptions that the policy grants, and the reasons against the others.
An entry that is stored all the same, or is no longer allowed after a change of the policy, has no effect, and the log states why.
Other exemptions in the same ConfigMap keep theirs, unless the text cannot be read. While the labels of a namespace are unknown, nothing in it is exempt.

\`podwright preview\`, \`podwright audit --cluster\`, scans and Reports count these exemptions as admission does. An audit of files
does not, because a file does not prove that the API server accepted it.

## Images

\`\`\`yaml
images:
- image: registry.example/shop/*
  user: 65532
  setuid: []
  capabilities: []
  shell: false
- image: registry.example/shop/mail # the entry above applies as well
  user: postfix
  setuid: [postdrop]
\`\`\`

A manifest does not show how an image is built. These facts are added to the [images that Podwright knows](image-facts.md). \`image\` is a glob as
in exemptions. All entries that match apply in order, fact by fact, and later ones win. A fact that is absent is unknown.

\`podwright images\` reads these facts from archives of \`docker save\` and OCI layouts, or from a registry by \`skopeo\` or \`crane\`, and prints such entries, for this very tag:

\`\`\`sh
docker save registry.example/shop/mail:3.1 > mail.tar
podwright images mail.tar
\`\`\`

It lists programs with setuid, setgid or file capabilities under \`setuid\`, except those that distributions come with, such as \`su\` and \`passwd\`: a comment names these, because only the
author of the image knows whether it uses them. The webhook itself reads no images.

- \`user\`: a number or a name, as in the image's configuration; an image without a user runs as root, which is 0. \`run-as-non-root\` reports images that run as
  root. It declares a container non-root if the user is a number other than 0. The kubelet starts no image whose user is a name under \`runAsNonRoot: true\`, so
  such a container needs \`runAsUser\`. \`drop-all-capabilities\` repairs containers with another user than root. Nothing is repaired because of the user of a known
  image, which may be that of another version.
- \`setuid\`: programs with setuid, setgid or file capabilities that the image relies on, such as \`sudo\`. \`no-privilege-escalation\` and
  \`drop-all-capabilities\` do not repair its containers, nor does \`require-seccomp-profile\` if \`newuidmap\` is one. \`[]\`: there are none.
- \`capabilities\`: the file capabilities of the program that the image starts. \`drop-all-capabilities\` adds \`ALL\` only if the container adds these. \`[]\`: there
  are none.
- \`shell\`: whether there is a shell. \`runnable-pre-stop\` reports hooks that need one.
- \`sleep\`: whether there is \`sleep\`, if that is not the same. The same rule reports hooks that run it, and \`pre-stop-sleep\` with its option \`exec\` adds none without it.

## Operators

\`\`\`yaml
operators:
- system:serviceaccount:argo-rollouts:argo-rollouts
- "system:serviceaccount:*-operator:*"
\`\`\`

Globs on the user names of accounts that are trusted when they name the owner of an object, besides Kubernetes' own controllers.
A glob that would match every user or every service account is rejected, and so is a name without its namespace, because a tenant
could create an account of that name. Do not list accounts that apply manifests of others, such as those of GitOps controllers.
\`podwright preview\` shows which operators you would have to list.

No object records which account created it, so preview and scans guess by name which operator creates which objects. If the names
of an operator's account and of its kind have nothing in common, \`operatorKinds\` specifies the account:

\`\`\`yaml
operators: [system:serviceaccount:platform:robot]
operatorKinds:
  Cluster.database.example: system:serviceaccount:platform:robot
\`\`\`

Admission does not read this, because the request contains the account.

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

\`path\` is the dotted path to the object that holds the Pod's \`metadata\` and \`spec\`. \`[]\` after a key is every element of
its list or every value of its map: \`spec.nodeSets[].podTemplate\`. A kind with several templates has several entries. [Kinds that
Podwright knows](audit.md#kinds-of-operators) need no entry. The paths of workloads such as Rollouts cannot be changed; the entries of a
kind of an operator replace what Podwright knows about it. The webhook configurations must include these kinds too; the chart takes
care of that for its value \`policy\`.
`;
