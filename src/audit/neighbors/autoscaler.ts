import type { Autoscaler, Utilization } from '../../engine/neighbors.ts';
import type { KubernetesObject } from '../../manifests/kubernetes-object.ts';
import { valueAt } from '../../patch/pointer.ts';
import { decode } from '../../subject/decode.ts';

/** An autoscaler and the workload that it scales. */
export interface ReadAutoscaler extends Autoscaler {
  readonly target: { readonly kind: string; readonly name: string };
}

interface AutoscalerSpec {
  readonly minReplicas?: number;
  readonly scaleTargetRef?: { readonly kind?: string; readonly name?: string };
  readonly metrics?: unknown;
}

interface ResourceMetric {
  readonly name?: string;
  readonly container?: string;
  readonly target?: { readonly type?: string };
  /** The target in `v2beta1`. */
  readonly targetAverageUtilization?: unknown;
}

interface Metric {
  readonly resource?: ResourceMetric;
  readonly containerResource?: ResourceMetric;
}

/** Reads a HorizontalPodAutoscaler of any version. Never throws. */
export function readAutoscaler({ apiVersion, name, content }: KubernetesObject): ReadAutoscaler {
  const spec = (decode('HorizontalPodAutoscalerSpec', content['spec'], 'spec', []) ?? {}) as AutoscalerSpec;
  const { kind = '', name: targetName = '' } = spec.scaleTargetRef ?? {};
  const metrics = (decode('MetricSpec[]', spec.metrics, 'metrics', []) ?? []) as readonly Metric[];
  const isFirstVersion = apiVersion === 'autoscaling/v1';
  return {
    kind: 'HorizontalPodAutoscaler',
    name,
    target: { kind, name: targetName },
    minimum: spec.minReplicas ?? 1,
    utilizations: isFirstVersion || metrics.length === 0 ? defaultUtilizations : utilizationsOf(metrics),
  };
}

/** An autoscaler without metrics scales by cpu, like one of `v1`: the API server sets a target of 80 %. */
const defaultUtilizations: readonly Utilization[] = [{ resource: 'cpu', container: undefined }];

function utilizationsOf(metrics: readonly Metric[]): Utilization[] {
  return metrics.flatMap(({ resource, containerResource }) =>
    [resource, containerResource].flatMap((metric) => {
      const isOfRequests = metric?.target?.type === 'Utilization' || metric?.targetAverageUtilization !== undefined;
      return metric !== undefined && isOfRequests
        ? [{ resource: metric.name ?? '', container: metric === containerResource ? metric.container : undefined }]
        : [];
    }),
  );
}

interface Trigger {
  readonly type?: unknown;
  readonly metricType?: unknown;
  /** Its `type` is the older place of the type of the metric. */
  readonly metadata?: { readonly type?: unknown; readonly containerName?: unknown };
}

/** Reads a ScaledObject of KEDA, whose autoscaler keeps one replica at least. Never throws. */
export function readScaledObject({ name, content }: KubernetesObject): ReadAutoscaler {
  const reference = decode('CrossVersionObjectReference', valueAt(content, '/spec/scaleTargetRef'), 'ref', []);
  const { kind, name: targetName = '' } = (reference ?? {}) as NonNullable<AutoscalerSpec['scaleTargetRef']>;
  const minimum = valueAt(content, '/spec/minReplicaCount');
  const triggers = valueAt(content, '/spec/triggers');
  return {
    kind: 'ScaledObject',
    name,
    target: { kind: kind || 'Deployment', name: targetName },
    minimum: Number.isInteger(minimum) ? Math.max(1, minimum as number) : 1,
    utilizations: Array.isArray(triggers) ? triggers.flatMap(utilizationOf) : [],
  };
}

function utilizationOf(trigger: unknown): Utilization[] {
  const { type, metricType, metadata } = Object(trigger) as Trigger;
  const { type: formerType, containerName } = Object(metadata) as NonNullable<Trigger['metadata']>;
  const isResource = type === 'cpu' || type === 'memory';
  if (!isResource || (metricType || formerType) !== 'Utilization') return [];
  return [
    { resource: type, container: typeof containerName === 'string' && containerName ? containerName : undefined },
  ];
}
