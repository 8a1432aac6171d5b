import { quoted } from '../engine/quoted.ts';
import { defineRule } from '../engine/rule.ts';
import { canonicalJson } from '../patch/edits.ts';

export const noGitRepoVolume = defineRule({
  id: 'no-git-repo-volume',
  group: 'hardening',
  category: 'security',
  severity: 'medium',
  mode: 'enforce',
  docs: {
    summary: 'Pods must not have `gitRepo` volumes.',
    why: 'The kubelet clones such a volume as root on the node, so anyone who can specify a repository can run its hooks there (CVE-2024-10220). Kubernetes disabled the driver in 1.33 and removed the option to enable it in 1.36: the Pod is accepted, and then waits for its volume forever.',
    bad: `containers:
- name: app
  image: registry.example/app:1.0
volumes:
- name: source
  gitRepo:
    repository: https://git.example/app.git`,
    good: `initContainers:
- name: clone
  image: registry.example/git:2.50
  command: [git, clone, --depth=1, https://git.example/app.git, /source]
  volumeMounts:
  - name: source
    mountPath: /source
containers:
- name: app
  image: registry.example/app:1.0
  volumeMounts:
  - name: source
    mountPath: /source
    readOnly: true
volumes:
- name: source
  emptyDir: {}`,
    source:
      'Kubernetes, Volumes, https://kubernetes.io/docs/concepts/storage/volumes/#gitrepo; KEP-5040 (gitRepo removal), https://www.kubernetes.dev/resources/keps/5040/',
  },
  options: {},
  onlyWith: ['Volume.gitRepo'],
  *check(pod) {
    for (const [index, { name, gitRepo }] of (pod.spec.volumes ?? []).entries()) {
      if (gitRepo === undefined) continue;
      const message = `volume ${quoted(name ?? '')} is a gitRepo; git clone into an emptyDir in an init container`;
      yield { path: pod.at('volumes', index, 'gitRepo'), message, fault: canonicalJson(gitRepo) };
    }
  },
});
