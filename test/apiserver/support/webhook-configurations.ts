import type {
  V1MatchCondition,
  V1MutatingWebhookConfiguration,
  V1RuleWithOperations,
  V1ValidatingWebhookConfiguration,
} from '@kubernetes/client-node';

/** How an API server reaches the webhooks, and whether it is to refuse Pods without them. */
export interface Registration {
  /** Without path: `https://host:port`. */
  readonly url: string;
  /** The authority of the serving certificate, PEM in base64. */
  readonly caBundle: string;
  /** Whether Pods are refused while nobody answers; true only under a policy that denies. */
  readonly enforce: boolean;
}

/** Whether a request is about the policy, or about the ConfigMap by which the chart tries it before an upgrade. */
export const isThePolicy = (name: string): string =>
  `request.name == "${name}" || (request.name == "${name}-check" && request.operation == "CREATE")`;

type Operation = 'CREATE' | 'UPDATE' | 'DELETE';

/**
 * The four webhooks as an API server is to be told of them. No update passes the match conditions unless it changes
 * what can matter, so that nobody's labels, finalizers, scaling and deletes depend on a webhook that answers. None of
 * the conditions can fail to evaluate.
 */
export function webhookConfigurations(
  registration: Registration,
): [V1MutatingWebhookConfiguration, V1ValidatingWebhookConfiguration] {
  const { url, caBundle, enforce } = registration;
  const shared = {
    admissionReviewVersions: ['v1'],
    sideEffects: 'None',
    matchPolicy: 'Equivalent',
    namespaceSelector: {
      matchExpressions: [{ key: 'kubernetes.io/metadata.name', operator: 'NotIn', values: ['kube-system'] }],
    },
  };
  const mutating = { ...shared, clientConfig: { url: `${url}/mutate`, caBundle }, timeoutSeconds: 3 };
  const validating = { ...shared, clientConfig: { url: `${url}/validate`, caBundle }, timeoutSeconds: 5 };
  return [
    {
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: 'MutatingWebhookConfiguration',
      metadata: { name: 'podwright' },
      webhooks: [
        {
          ...mutating,
          name: 'mutate.podwright.dev',
          failurePolicy: 'Ignore',
          reinvocationPolicy: 'IfNeeded',
          rules: [rule('', ['CREATE'], 'pods'), rule('', ['UPDATE'], 'pods/ephemeralcontainers')],
          matchConditions: [unlessSame('spec-changes', 'spec')],
        },
      ],
    },
    {
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: 'ValidatingWebhookConfiguration',
      metadata: { name: 'podwright' },
      webhooks: [
        {
          ...validating,
          name: 'pods.validate.podwright.dev',
          failurePolicy: enforce ? 'Fail' : 'Ignore',
          rules: [
            rule('', ['CREATE', 'UPDATE'], 'pods'),
            rule('', ['UPDATE'], 'pods/ephemeralcontainers', 'pods/resize'),
          ],
          matchConditions: [unlessSame('spec-changes', 'spec')],
        },
        {
          ...validating,
          name: 'workloads.validate.podwright.dev',
          failurePolicy: 'Ignore',
          rules: [
            rule('', ['CREATE', 'UPDATE'], 'podtemplates', 'replicationcontrollers'),
            rule('apps', ['CREATE', 'UPDATE'], 'daemonsets', 'deployments', 'replicasets', 'statefulsets'),
            rule('batch', ['CREATE', 'UPDATE'], 'cronjobs', 'jobs'),
            ...neighbors,
          ],
          matchConditions: [
            unlessSame('job-set-changes', 'spec', 'replicatedJobs'),
            unlessSame('job-template-changes', 'spec', 'jobTemplate', 'spec', 'template'),
            unlessSame('leader-worker-template-changes', 'spec', 'leaderWorkerTemplate'),
            unlessSame('pod-template-changes', 'template'),
            unlessSame('scaled-job-template-changes', 'spec', 'jobTargetRef', 'template'),
            unlessSame('template-changes', 'spec', 'template'),
          ],
        },
        {
          ...validating,
          name: 'policy.validate.podwright.dev',
          clientConfig: { url: `${url}/validate-policy`, caBundle },
          failurePolicy: 'Ignore',
          namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'podwright-system' } },
          rules: [rule('', ['CREATE', 'UPDATE', 'DELETE'], 'configmaps')],
          matchConditions: [{ name: 'is-the-policy', expression: isThePolicy('podwright-policy') }],
        },
      ],
    },
  ];
}

/** Kinds of others that embed Pod templates. No server needs to have them. */
const neighbors: readonly V1RuleWithOperations[] = (
  [
    [
      'apps.kruise.io',
      ['v1alpha1', 'v1beta1'],
      ['advancedcronjobs', 'broadcastjobs', 'clonesets', 'daemonsets', 'statefulsets', 'uniteddeployments'],
    ],
    ['apps.openshift.io', ['v1'], ['deploymentconfigs']],
    ['argoproj.io', ['v1alpha1'], ['rollouts']],
    ['jobset.x-k8s.io', ['v1alpha2'], ['jobsets']],
    ['keda.sh', ['v1alpha1'], ['scaledjobs']],
    ['leaderworkerset.x-k8s.io', ['v1'], ['leaderworkersets']],
    ['serving.knative.dev', ['v1'], ['configurations', 'services']],
  ] as const
).map(([group, apiVersions, resources]) => ({
  apiGroups: [group],
  apiVersions: [...apiVersions],
  operations: ['CREATE', 'UPDATE'],
  resources: [...resources],
  scope: 'Namespaced',
}));

function rule(group: string, operations: Operation[], ...resources: string[]): V1RuleWithOperations {
  return { apiGroups: [group], apiVersions: ['v1'], operations, resources, scope: 'Namespaced' };
}

/** True unless both objects have the field and agree on it. CEL evaluates no further than an `&&` that is false. */
function unlessSame(name: string, ...fields: string[]): V1MatchCondition {
  const steps = fields.map((_, index) => fields.slice(0, index + 1).join('.'));
  const same = ['oldObject', 'object'].flatMap((object) => steps.map((step) => `has(${object}.${step})`));
  const path = fields.join('.');
  return {
    name,
    expression: [
      'request.operation == "CREATE" || !(',
      [...same, `object.${path} == oldObject.${path}`].join(' && '),
      ')',
    ].join(''),
  };
}
