import { placedWorkloadPattern } from '../engine/request-defaults.ts';
import { capabilityPattern, spelledCapability } from '../subject/capability.ts';
import { imageUserPattern } from '../subject/image-user.ts';
import type { JsonSchema } from './json-schema.ts';

/**
 * A format of text. The patterns only use syntax that Go's regular expressions support too, because Helm validates
 * values with them.
 */
interface TextForm {
  readonly pattern: string;
  /** The expected text, as the end of `must be …`. */
  readonly expected: string;
}

const forms = {
  name: {
    pattern: '^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$',
    expected: 'a name of at most 63 lowercase letters, digits and - in between',
  },
  notBlank: { pattern: String.raw`\S`, expected: 'text that is not blank' },
  line: {
    pattern: String.raw`^[^\x00-\x1f]*[^\x00-\x20][^\x00-\x1f]*$`,
    expected: 'one line of text that is not blank',
  },
  link: {
    pattern: String.raw`^https?://[^\x00-\x20]+$`,
    expected: 'an address that starts with https:// or http://; {rule} in it stands for the id of the rule',
  },
  day: {
    pattern: String.raw`^\d{4}-\d{2}-\d{2}(T00:00:00(\.0+)?Z)?$`,
    expected: 'a date, like 2027-03-31',
  },
  labelKey: {
    pattern: '^([a-z0-9]([-a-z0-9.]*[a-z0-9])?/)?[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?$',
    expected: 'a label key, like team or example.com/tier',
  },
  labelValue: {
    pattern: '^([A-Za-z0-9*]([-A-Za-z0-9_.*]*[A-Za-z0-9*])?)?$',
    expected: 'a label value; * matches any characters',
  },
  label: {
    pattern: '^[a-z0-9*]([-a-z0-9*]*[a-z0-9*])?$',
    expected: 'a name of lowercase letters, digits and -, in which * stands for any characters',
  },
  subdomain: {
    pattern: '^[a-z0-9*]([-a-z0-9.*]*[a-z0-9*])?$',
    expected: 'a name of lowercase letters, digits, - and ., in which * stands for any characters',
  },
  workload: {
    pattern: '^[A-Z*][A-Za-z0-9*]*/[a-z0-9*]([-a-z0-9.*]*[a-z0-9*])?$',
    expected: 'Kind/name of the top-level owner, like "DaemonSet/calico-node"',
  },
  placedWorkload: {
    pattern: placedWorkloadPattern,
    expected: 'namespace/Kind/name of the top-level owner, like "shop/Deployment/web"',
  },
  account: {
    pattern: String.raw`^\S.*\S$`,
    expected: 'the user name of an operator, like system:serviceaccount:argo-rollouts:argo-rollouts',
  },
  kindAndGroup: {
    pattern: String.raw`^[A-Z][A-Za-z0-9]*(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)+$`,
    expected: 'a kind with its API group, like Prometheus.monitoring.coreos.com',
  },
  group: {
    pattern: String.raw`^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$`,
    expected: 'the API group without version, like argoproj.io',
  },
  version: { pattern: '^[a-z]([-a-z0-9]*[a-z0-9])?$', expected: 'a version without its group, like v1alpha1' },
  resource: { pattern: '^[a-z0-9]([-a-z0-9]*[a-z0-9])?$', expected: 'the plural in lowercase, like rollouts' },
  kind: { pattern: '^[A-Z][A-Za-z0-9]*$', expected: 'the kind as manifests write it, like Rollout' },
  dotPath: {
    pattern: String.raw`^[A-Za-z][A-Za-z0-9]*(\[\])?(\.[A-Za-z][A-Za-z0-9]*(\[\])?)*$`,
    expected: 'the path to the template with dots, and [] after a list or map, like spec.groups[].template',
  },
  imageUser: {
    pattern: imageUserPattern,
    expected: 'a number up to 2147483647 or a name, like 65532 or nobody',
  },
  capability: {
    pattern: capabilityPattern,
    expected: 'a capability in capitals and without CAP_, like NET_BIND_SERVICE',
  },
} as const satisfies Readonly<Record<string, TextForm>>;

/** The schema of a text in this format. */
export function text(form: keyof typeof forms, description?: string): JsonSchema {
  return { ...(description !== undefined && { description }), type: 'string', pattern: forms[form].pattern };
}

const expectations: ReadonlyMap<string, string> = new Map(
  Object.values(forms).map(({ pattern, expected }) => [pattern, expected]),
);

/** The requirement of a `text` pattern, as the end of `must be …`. */
export const expectationOf = (pattern: string): string | undefined => expectations.get(pattern);

/** Whether a text has this format. */
export const hasForm = (form: keyof typeof forms, written: string): boolean =>
  new RegExp(forms[form].pattern).test(written);

/** Advice for common mistakes: the text that was probably meant, or where it belongs. */
export function adviceFor(pattern: string, written: string): string | undefined {
  switch (pattern) {
    case forms.workload.pattern:
      return meant(workloadFrom(written), pattern);
    case forms.dotPath.pattern:
      return meant(
        written
          .replace(/^[$./]+/, '')
          .replaceAll('/', '.')
          .replaceAll(/\.?(?:\[[*\d]+\]|\*)/g, '[]'),
        pattern,
      );
    case forms.group.pattern:
      return meant(written.replace(/\/.*$/, ''), pattern);
    case forms.version.pattern:
      return meant(written.replace(/^.*\//, ''), pattern);
    case forms.capability.pattern:
      return meant(spelledCapability(written), pattern);
    case forms.imageUser.pattern:
      return meant(written.replace(/:.*$/, ''), pattern);
    case forms.subdomain.pattern:
      return /[:/]/.test(written) ? 'its namespace belongs in namespaces' : undefined;
    case forms.account.pattern:
      return written === '*' ? 'it would match every user' : undefined;
    default:
      return undefined;
  }
}

const meant = (text: string, pattern: string): string | undefined =>
  new RegExp(pattern).test(text) ? `did you mean "${text}"?` : undefined;

const workloadKinds: readonly string[] =
  'CronJob DaemonSet Deployment Job Pod ReplicaSet ReplicationController Rollout StatefulSet'.split(' ');

/** The workload with its kind in the correct case, if the kind is a known one in the wrong case. */
export function workloadFrom(written: string): string {
  const [, kind = '', name = ''] = /^([^/]*)\/(.*)$/.exec(written) ?? [];
  const known = workloadKinds.find((each) =>
    [each, `${each}s`].some((form) => form.toLowerCase() === kind.toLowerCase()),
  );
  return known === undefined ? written : `${known}/${name}`;
}
