/** Fields to add to an example, each as lines of YAML. */
interface Additions {
  /** To the spec of the workload. */
  readonly spec?: string;
  /** To the spec of the Pod. */
  readonly pod?: string;
  /** To its container. */
  readonly container?: string;
}

/** A Deployment `web` for the documentation of a rule. */
export const webDeployment = ({ spec = '', pod = '', container = '' }: Additions = {}): string =>
  `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
${indented(2, spec)}  selector:
    matchLabels:
      app: web
  template:
    metadata:
      labels:
        app: web
    spec:
${indented(6, pod)}      containers:
      - name: app
        image: registry.example/app:1.0
${indented(8, container)}`.trimEnd();

/** A Pod `web`. */
export const webPod = ({ container = '' }: Pick<Additions, 'container'> = {}): string =>
  `apiVersion: v1
kind: Pod
metadata:
  name: web
  labels:
    app: web
spec:
  containers:
  - name: app
    image: registry.example/app:1.0
${indented(4, container)}`.trimEnd();

/** A Service of the Pods `web`, which finds their port by its name. */
export const webService = `apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  selector:
    app: web
  ports:
  - port: 80
    targetPort: http`;

/** An autoscaler of the Deployment `web`. */
export const webAutoscaler = `apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata:
  name: web
spec:
  minReplicas: 2
  maxReplicas: 5
  scaleTargetRef:
    apiVersion: apps/v1
    kind: Deployment
    name: web
  metrics:
  - type: Resource
    resource:
      name: cpu
      target:
        type: Utilization
        averageUtilization: 70`;

/** A StatefulSet `db` whose `serviceName` is its own name. */
export const dbStatefulSet = `apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: db
spec:
  serviceName: db
  selector:
    matchLabels:
      app: db
  template:
    metadata:
      labels:
        app: db
    spec:
      containers:
      - name: app
        image: registry.example/db:1.0`;

const indented = (by: number, lines: string): string =>
  lines === '' ? '' : `${lines.replaceAll(/^/gm, ' '.repeat(by))}\n`;
