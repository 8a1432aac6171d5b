import { type Pointer, pointer } from '../patch/pointer.ts';
import type { AssembledPlace, PodPlace, PodPlaces, TemplatePlace } from './pod-place.ts';

const partial = (...templates: readonly Pointer[]): readonly TemplatePlace[] =>
  templates.map((template) => ({ template, completed: 'anywhere' }));

const ending = (...templates: readonly Pointer[]): readonly TemplatePlace[] =>
  templates.map((template) => ({ template, endsByItself: true }));

/** The templates of an Argo Workflow, also those within steps and tasks. */
const argoWorkflow = (spec: Pointer): readonly AssembledPlace[] => {
  const template: Omit<AssembledPlace, 'object'> = {
    containers: ['/container', '/script', '/containerSet/containers/*', '/sidecars/*'],
    initContainers: ['/initContainers/*'],
    metadata: '/metadata',
    fields: [''],
    shared: [spec],
    unnamed: 'main',
    endsByItself: true,
    hasPlaceholders: true,
    needed: ['automountServiceAccountToken'],
    completed: { by: ['podSpecPatch', 'templateDefaults'] },
  };
  return [
    ...['/*', '/*/steps/*/*/inline', '/*/dag/tasks/*/inline'].map((below) => ({
      ...template,
      object: `${spec}/templates${below}` as Pointer,
    })),
    { ...template, object: `${spec}/templateDefaults`, shared: [], completed: 'anywhere' },
  ];
};

/** The steps of a Tekton Task. */
const tektonTask = (object: Pointer): AssembledPlace => ({
  object,
  containers: ['/steps/*', '/sidecars/*', '/stepTemplate'],
  fields: [''],
  endsByItself: true,
  hasPlaceholders: true,
  completed: 'anywhere',
});

const tektonTasks = (spec: Pointer): readonly AssembledPlace[] => [
  tektonTask(`${spec}/tasks/*/taskSpec`),
  tektonTask(`${spec}/finally/*/taskSpec`),
];

/** Fields of a Pod's spec on their own. */
const podFields = (object: Pointer): AssembledPlace => ({
  object,
  fields: [''],
  endsByItself: true,
  completed: 'anywhere',
});

/** A component that Strimzi runs; its `template` has the Pod's fields and one member for each container. */
const strimzi = (object: Pointer, ...containers: readonly string[]): AssembledPlace => ({
  object,
  containers: containers.map((name) => pointer('template', name)),
  metadata: '/template/pod/metadata',
  fields: ['/template/pod'],
  completed: 'anywhere',
});

const strimziBuild: AssembledPlace = {
  object: '/spec/template',
  containers: ['/buildContainer'],
  fields: ['/buildPod'],
  endsByItself: true,
  completed: 'anywhere',
};

/** An object with the fields of a Pod's spec beside its own. */
const podLike = (object: Pointer, metadata?: Pointer): AssembledPlace => ({
  object,
  containers: ['/containers/*'],
  initContainers: ['/initContainers/*'],
  ...(metadata && { metadata }),
  fields: [''],
  completed: 'anywhere',
});

const prometheus = [podLike('/spec', '/podMetadata')];

/** KubeRay gives the Ray containers their probes. */
const ray = (spec: Pointer): readonly TemplatePlace[] =>
  (['/headGroupSpec/template', '/workerGroupSpecs/*/template'] as const).map((below) => ({
    template: `${spec}${below}`,
    completed: ['livenessProbe', 'readinessProbe', 'startupProbe'],
  }));

/** The driver or the executors of the Spark operator, whose fields are those of their container. */
const sparkRole = (object: Pointer): AssembledPlace => ({
  object,
  containers: ['', '/sidecars/*'],
  initContainers: ['/initContainers/*'],
  renamed: {
    hostNetwork: '/hostNetwork',
    securityContext: '/podSecurityContext',
    serviceAccountName: '/serviceAccount',
    nodeSelector: '/nodeSelector',
    affinity: '/affinity',
    tolerations: '/tolerations',
    shareProcessNamespace: '/shareProcessNamespace',
    terminationGracePeriodSeconds: '/terminationGracePeriodSeconds',
  },
  endsByItself: true,
  completed: 'anywhere',
});

const spark = (spec: Pointer): readonly PodPlace[] => [
  sparkRole(`${spec}/driver`),
  sparkRole(`${spec}/executor`),
  ...partial(`${spec}/driver/template`, `${spec}/executor/template`).map((place) => ({
    ...place,
    endsByItself: true as const,
  })),
];

const k8ssandra = (object: Pointer): AssembledPlace => ({
  object,
  containers: ['/containers/*'],
  initContainers: ['/initContainers/*'],
  renamed: { securityContext: '/podSecurityContext', serviceAccountName: '/serviceAccount' },
  completed: 'anywhere',
});

const analysis = ending('/spec/metrics/*/provider/job/spec/template').map((place) => ({
  ...place,
  hasPlaceholders: true as const,
}));

const elastic = partial('/spec/podTemplate');

/**
 * Where the kinds of well-known operators keep the Pods that they create. Parts that an operator adds itself are not
 * reported: image, requests or probes of a container that is `completed`. Versions do not matter, because each path
 * either has the same meaning in all versions or is absent.
 */
export const operatorPlaces: PodPlaces = {
  'actions.github.com': {
    AutoscalingRunnerSet: [...ending('/spec/template'), ...partial('/spec/listenerTemplate')],
    EphemeralRunnerSet: ending('/spec/ephemeralRunnerSpec'),
    EphemeralRunner: ending('/spec'),
  },
  'actions.summerwind.dev': {
    RunnerDeployment: partial('/spec/template'),
    RunnerReplicaSet: partial('/spec/template'),
    RunnerSet: partial('/spec/template'),
  },
  'agent.k8s.elastic.co': {
    Agent: partial('/spec/daemonSet/podTemplate', '/spec/deployment/podTemplate', '/spec/statefulSet/podTemplate'),
  },
  'apm.k8s.elastic.co': { ApmServer: elastic },
  'argoproj.io': {
    Workflow: argoWorkflow('/spec'),
    WorkflowTemplate: argoWorkflow('/spec'),
    ClusterWorkflowTemplate: argoWorkflow('/spec'),
    CronWorkflow: argoWorkflow('/spec/workflowSpec'),
    AnalysisTemplate: analysis,
    ClusterAnalysisTemplate: analysis,
    AnalysisRun: analysis,
    Experiment: [{ template: '/spec/templates/*/template' }],
  },
  'batch.volcano.sh': { Job: ending('/spec/tasks/*/template') },
  'beat.k8s.elastic.co': { Beat: partial('/spec/daemonSet/podTemplate', '/spec/deployment/podTemplate') },
  'cassandra.datastax.com': { CassandraDatacenter: partial('/spec/podTemplateSpec') },
  'elasticsearch.k8s.elastic.co': { Elasticsearch: partial('/spec/nodeSets/*/podTemplate') },
  'enterprisesearch.k8s.elastic.co': { EnterpriseSearch: elastic },
  'flink.apache.org': {
    FlinkDeployment: partial('/spec/podTemplate', '/spec/jobManager/podTemplate', '/spec/taskManager/podTemplate'),
  },
  'k8ssandra.io': { K8ssandraCluster: [k8ssandra('/spec/cassandra'), k8ssandra('/spec/cassandra/datacenters/*')] },
  'kafka.strimzi.io': {
    Kafka: [
      strimzi('/spec/kafka', 'kafkaContainer', 'initContainer'),
      strimzi('/spec/zookeeper', 'zookeeperContainer'),
      strimzi('/spec/entityOperator', 'topicOperatorContainer', 'userOperatorContainer', 'tlsSidecarContainer'),
      strimzi('/spec/cruiseControl', 'cruiseControlContainer', 'tlsSidecarContainer'),
      strimzi('/spec/kafkaExporter', 'container'),
    ],
    KafkaNodePool: [strimzi('/spec', 'kafkaContainer', 'initContainer')],
    KafkaConnect: [strimzi('/spec', 'connectContainer', 'initContainer'), strimziBuild],
    KafkaMirrorMaker2: [strimzi('/spec', 'connectContainer', 'initContainer')],
    KafkaBridge: [strimzi('/spec', 'bridgeContainer', 'initContainer')],
  },
  'kibana.k8s.elastic.co': { Kibana: elastic },
  'kubeflow.org': {
    JAXJob: ending('/spec/jaxReplicaSpecs/*/template'),
    MPIJob: ending('/spec/mpiReplicaSpecs/*/template'),
    Notebook: [{ template: '/spec/template' }],
    PaddleJob: ending('/spec/paddleReplicaSpecs/*/template'),
    PyTorchJob: ending('/spec/pytorchReplicaSpecs/*/template'),
    TFJob: ending('/spec/tfReplicaSpecs/*/template'),
    XGBoostJob: ending('/spec/xgbReplicaSpecs/*/template'),
  },
  'logstash.k8s.elastic.co': { Logstash: elastic },
  'maps.k8s.elastic.co': { ElasticMapsServer: elastic },
  'monitoring.coreos.com': {
    Alertmanager: prometheus,
    Prometheus: prometheus,
    PrometheusAgent: prometheus,
    ThanosRuler: prometheus,
  },
  'packageregistry.k8s.elastic.co': { PackageRegistry: elastic },
  'ray.io': {
    RayCluster: ray('/spec'),
    RayJob: [...ray('/spec/rayClusterSpec'), ...ending('/spec/submitterPodTemplate')],
    RayService: ray('/spec/rayClusterConfig'),
    RayCronJob: [...ray('/spec/jobTemplate/rayClusterSpec'), ...ending('/spec/jobTemplate/submitterPodTemplate')],
  },
  'serving.kserve.io': {
    InferenceService: [podLike('/spec/predictor'), podLike('/spec/transformer'), podLike('/spec/explainer')],
    ServingRuntime: [podLike('/spec')],
    ClusterServingRuntime: [podLike('/spec')],
  },
  'spark.apache.org': {
    SparkApplication: partial('/spec/driverSpec/podTemplateSpec', '/spec/executorSpec/podTemplateSpec').map(
      (place) => ({
        ...place,
        endsByItself: true as const,
      }),
    ),
  },
  'sparkoperator.k8s.io': {
    SparkApplication: spark('/spec'),
    ScheduledSparkApplication: spark('/spec/template'),
    SparkConnect: partial('/spec/server/template', '/spec/executor/template'),
  },
  'tekton.dev': {
    Task: [tektonTask('/spec')],
    ClusterTask: [tektonTask('/spec')],
    StepAction: [{ ...tektonTask('/spec'), containers: [''], fields: [] }],
    TaskRun: [tektonTask('/spec/taskSpec'), podFields('/spec/podTemplate')],
    Pipeline: tektonTasks('/spec'),
    PipelineRun: [
      ...tektonTasks('/spec/pipelineSpec'),
      podFields('/spec/taskRunTemplate/podTemplate'),
      podFields('/spec/podTemplate'),
      podFields('/spec/taskRunSpecs/*/podTemplate'),
      podFields('/spec/taskRunSpecs/*/taskPodTemplate'),
    ],
  },
  'trainer.kubeflow.org': {
    ClusterTrainingRuntime: ending('/spec/template/spec/replicatedJobs/*/template/spec/template'),
    TrainingRuntime: ending('/spec/template/spec/replicatedJobs/*/template/spec/template'),
  },
};
