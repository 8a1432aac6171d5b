import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { embeddedPodsOf } from '../../src/manifests/pod-template.ts';
import type { Pointer } from '../../src/patch/pointer.ts';
import { placeInObject } from '../../src/subject/pod-location.ts';

/** A Pod, and where some of it is in the object. */
interface Expected {
  readonly pod: object;
  readonly workload?: object;
  readonly completed?: unknown;
  readonly hasPlaceholders?: boolean;
  readonly places: Readonly<Record<string, string>>;
}

const podsIn = (text: string, expected: readonly Expected[]): Expected[] =>
  embeddedPodsOf(parse(text)).map(({ source, ...location }, index) => {
    const { kind: _, name: __, ...workload } = source.workload ?? { kind: '', name: '' };
    const places = Object.keys(expected[index]?.places ?? {}).map((path) => [
      path,
      placeInObject(location, path as Pointer),
    ]);
    return {
      pod: source.pod,
      workload,
      ...(source.completed !== undefined && { completed: source.completed }),
      ...(source.hasPlaceholders && { hasPlaceholders: true }),
      places: Object.fromEntries(places) as Record<string, string>,
    };
  });

const ending = { isCustom: true, endsByItself: true };

test.each<[string, string, Expected[]]>([
  [
    'Elasticsearch: the node sets, which the operator completes',
    `apiVersion: elasticsearch.k8s.elastic.co/v1
kind: Elasticsearch
metadata: {name: es}
spec:
  nodeSets:
  - {name: a, podTemplate: {spec: {hostNetwork: true}}}
  - {name: b}
  - {name: c, podTemplate: {metadata: {labels: {c: d}}, spec: {containers: [{name: elasticsearch}]}}}`,
    [
      {
        pod: { spec: { hostNetwork: true } },
        workload: { isCustom: true },
        completed: 'anywhere',
        places: { '/spec/hostNetwork': '/spec/nodeSets/0/podTemplate/spec/hostNetwork' },
      },
      {
        pod: { metadata: { labels: { c: 'd' } }, spec: { containers: [{ name: 'elasticsearch' }] } },
        workload: { isCustom: true },
        completed: 'anywhere',
        places: { '/spec/containers/0': '/spec/nodeSets/2/podTemplate/spec/containers/0' },
      },
    ],
  ],
  [
    'Workflow: a Pod for each template with containers, which has the fields of the Workflow too',
    `apiVersion: argoproj.io/v1alpha1
kind: Workflow
metadata: {generateName: run-}
spec:
  hostNetwork: true
  securityContext: {runAsUser: 1}
  volumes: [{name: shared, emptyDir: {}}]
  templates:
  - name: main
    dag: {tasks: [{name: a, inline: {script: {image: b, source: c}}}]}
  - name: build
    metadata: {labels: {d: e}}
    securityContext: {runAsUser: 2}
    volumes: [{name: own, hostPath: {path: /x}}]
    container: {image: f}
    initContainers: [{name: i, image: j}]
    sidecars: [{name: k, image: l}]`,
    [
      {
        pod: {
          metadata: { labels: { d: 'e' } },
          spec: {
            containers: [
              { name: 'main', image: 'f' },
              { name: 'k', image: 'l' },
            ],
            initContainers: [{ name: 'i', image: 'j' }],
            hostNetwork: true,
            securityContext: { runAsUser: 2 },
            volumes: [
              { name: 'own', hostPath: { path: '/x' } },
              { name: 'shared', emptyDir: {} },
            ],
          },
        },
        workload: ending,
        completed: ['automountServiceAccountToken'],
        hasPlaceholders: true,
        places: {
          '/spec/containers/0/image': '/spec/templates/1/container/image',
          '/spec/containers/1/image': '/spec/templates/1/sidecars/0/image',
          '/spec/initContainers/0': '/spec/templates/1/initContainers/0',
          '/spec/hostNetwork': '/spec/hostNetwork',
          '/spec/securityContext/runAsUser': '/spec/templates/1/securityContext/runAsUser',
          '/spec/volumes/0/hostPath': '/spec/templates/1/volumes/0/hostPath',
          '/spec/volumes/1': '/spec/volumes/0',
          '/spec/automountServiceAccountToken': '/spec/templates/1/automountServiceAccountToken',
          '/metadata/labels/d': '/spec/templates/1/metadata/labels/d',
        },
      },
      {
        pod: {
          spec: {
            containers: [{ name: 'main', image: 'b', source: 'c' }],
            hostNetwork: true,
            securityContext: { runAsUser: 1 },
            volumes: [{ name: 'shared', emptyDir: {} }],
          },
        },
        workload: ending,
        completed: ['automountServiceAccountToken'],
        hasPlaceholders: true,
        places: {
          '/spec/containers/0/image': '/spec/templates/0/dag/tasks/0/inline/script/image',
          '/spec/securityContext/runAsUser': '/spec/securityContext/runAsUser',
        },
      },
    ],
  ],
  [
    'CronWorkflow: a patch of the Pods may add anything',
    `apiVersion: argoproj.io/v1alpha1
kind: CronWorkflow
metadata: {name: w}
spec: {workflowSpec: {podSpecPatch: '{}', templates: [{name: m, container: {image: a}}]}}`,
    [
      {
        pod: { spec: { containers: [{ name: 'main', image: 'a' }] } },
        workload: ending,
        completed: 'anywhere',
        hasPlaceholders: true,
        places: { '/spec/containers/0': '/spec/workflowSpec/templates/0/container' },
      },
    ],
  ],
  [
    'PipelineRun: the steps of embedded tasks, and the Pod fields beside them',
    `apiVersion: tekton.dev/v1
kind: PipelineRun
metadata: {name: r}
spec:
  pipelineSpec:
    tasks: [{name: a, taskSpec: {steps: [{image: b}], volumes: [{name: v, hostPath: {path: /x}}]}}, {name: c, taskRef: {name: d}}]
  taskRunTemplate: {podTemplate: {hostNetwork: true}}`,
    [
      {
        pod: {
          spec: {
            containers: [{ name: 'steps-0', image: 'b' }],
            volumes: [{ name: 'v', hostPath: { path: '/x' } }],
          },
        },
        workload: ending,
        completed: 'anywhere',
        hasPlaceholders: true,
        places: {
          '/spec/containers/0': '/spec/pipelineSpec/tasks/0/taskSpec/steps/0',
          '/spec/volumes/0/hostPath': '/spec/pipelineSpec/tasks/0/taskSpec/volumes/0/hostPath',
        },
      },
      {
        pod: { spec: { hostNetwork: true } },
        workload: ending,
        completed: 'anywhere',
        places: { '/spec/hostNetwork': '/spec/taskRunTemplate/podTemplate/hostNetwork' },
      },
    ],
  ],
  [
    'Kafka: the template of each component, with a member for each container',
    `apiVersion: kafka.strimzi.io/v1
kind: Kafka
metadata: {name: k}
spec:
  kafka:
    template:
      pod: {metadata: {labels: {a: b}}, securityContext: {runAsUser: 0}}
      kafkaContainer: {securityContext: {privileged: true}}
  entityOperator: {topicOperator: {}}`,
    [
      {
        pod: {
          metadata: { labels: { a: 'b' } },
          spec: {
            containers: [{ name: 'kafkaContainer', securityContext: { privileged: true } }],
            securityContext: { runAsUser: 0 },
          },
        },
        workload: { isCustom: true },
        completed: 'anywhere',
        places: {
          '/spec/containers/0/securityContext/privileged':
            '/spec/kafka/template/kafkaContainer/securityContext/privileged',
          '/spec/securityContext/runAsUser': '/spec/kafka/template/pod/securityContext/runAsUser',
        },
      },
    ],
  ],
  [
    'Prometheus: the fields of the Pod are beside those of the operator',
    `apiVersion: monitoring.coreos.com/v1
kind: Prometheus
metadata: {name: p}
spec: {hostNetwork: true, retention: 1d, containers: [{name: proxy, image: a}], podMetadata: {labels: {b: c}}}`,
    [
      {
        pod: {
          metadata: { labels: { b: 'c' } },
          spec: { containers: [{ name: 'proxy', image: 'a' }], hostNetwork: true },
        },
        workload: { isCustom: true },
        completed: 'anywhere',
        places: {
          '/spec/containers/0/image': '/spec/containers/0/image',
          '/metadata/labels': '/spec/podMetadata/labels',
        },
      },
    ],
  ],
  [
    'SparkApplication: the driver is a container, and the Pod has a security context of its own',
    `apiVersion: sparkoperator.k8s.io/v1beta2
kind: SparkApplication
metadata: {name: s}
spec: {driver: {image: a, securityContext: {privileged: true}, podSecurityContext: {runAsUser: 0}}}`,
    [
      {
        pod: {
          spec: {
            containers: [
              {
                name: 'driver',
                image: 'a',
                securityContext: { privileged: true },
                podSecurityContext: { runAsUser: 0 },
              },
            ],
            securityContext: { runAsUser: 0 },
          },
        },
        workload: ending,
        completed: 'anywhere',
        places: {
          '/spec/containers/0/securityContext/privileged': '/spec/driver/securityContext/privileged',
          '/spec/securityContext/runAsUser': '/spec/driver/podSecurityContext/runAsUser',
        },
      },
    ],
  ],
  [
    'RayCluster: only the probes are from the operator',
    `apiVersion: ray.io/v1
kind: RayCluster
metadata: {name: r}
spec: {workerGroupSpecs: [{template: {spec: {containers: [{name: w, image: a}]}}}]}`,
    [
      {
        pod: { spec: { containers: [{ name: 'w', image: 'a' }] } },
        workload: { isCustom: true },
        completed: ['livenessProbe', 'readinessProbe', 'startupProbe'],
        places: { '/spec/containers/0': '/spec/workerGroupSpecs/0/template/spec/containers/0' },
      },
    ],
  ],
  [
    'PyTorchJob: a template for each role of a map, which ends by itself',
    `apiVersion: kubeflow.org/v1
kind: PyTorchJob
metadata: {name: p}
spec: {pytorchReplicaSpecs: {Master: {template: {spec: {hostPID: true}}}, Worker: {template: {spec: {hostIPC: true}}}}}`,
    [
      {
        pod: { spec: { hostPID: true } },
        workload: ending,
        places: { '/spec/hostPID': '/spec/pytorchReplicaSpecs/Master/template/spec/hostPID' },
      },
      {
        pod: { spec: { hostIPC: true } },
        workload: ending,
        places: { '/spec/hostIPC': '/spec/pytorchReplicaSpecs/Worker/template/spec/hostIPC' },
      },
    ],
  ],
])('%s', (_, text, expected) => {
  expect(podsIn(text, expected)).toEqual(expected);
});

describe.each([
  ['a Workflow that calls templates of others', 'argoproj.io/v1alpha1', 'Workflow', '{workflowTemplateRef: {name: a}}'],
  ['a Workflow without containers', 'argoproj.io/v1alpha1', 'Workflow', '{hostNetwork: true, templates: [{dag: {}}]}'],
  ['an Elasticsearch without template', 'elasticsearch.k8s.elastic.co/v1', 'Elasticsearch', '{nodeSets: [{count: 1}]}'],
  ['a Prometheus without Pod fields', 'monitoring.coreos.com/v1', 'Prometheus', '{retention: 1d}'],
  ['a Task whose steps are no list', 'tekton.dev/v1', 'Task', '{steps: 3}'],
  ['a Task whose steps are no objects', 'tekton.dev/v1', 'Task', '{steps: [a, null]}'],
  ['a Kafka of another group', 'example.com/v1', 'Kafka', '{kafka: {template: {pod: {hostNetwork: true}}}}'],
])('%s', (_, apiVersion, kind, spec) => {
  test('has no Pod', () => {
    expect(
      embeddedPodsOf(parse(`{apiVersion: ${apiVersion}, kind: ${kind}, metadata: {name: x}, spec: ${spec}}`)),
    ).toEqual([]);
  });
});

test('the entries of the policy for a kind replace what is known', () => {
  const task = { group: 'tekton.dev', versions: ['v1'], resource: 'tasks', kind: 'Task' };
  const object = parse(
    '{apiVersion: tekton.dev/v1, kind: Task, spec: {steps: [{image: a}], pods: {x: {spec: {}}}, one: {spec: {}}}}',
  );
  const paths = ['/spec/pods/*', '/spec/one'] as const;
  expect(
    embeddedPodsOf(
      object,
      paths.map((path) => ({ ...task, path })),
    ).map(({ podPath }) => podPath),
  ).toEqual(['/spec/pods/x', '/spec/one']);
});
