import type { KubernetesObject } from '../../manifests/kubernetes-object.ts';

/**
 * Whether a controller of Kubernetes keeps Pods of the object or will create some: not with zero replicas, without a
 * matching node, or while suspended. How other controllers decide is unknown.
 */
export function expectsPods({ group, kind, content }: KubernetesObject): boolean {
  const { replicas, suspend } = Object(content['spec']) as { readonly replicas?: unknown; readonly suspend?: unknown };
  switch (`${group}/${kind}`) {
    case 'apps/Deployment':
    case 'apps/StatefulSet':
    case 'apps/ReplicaSet':
    case '/ReplicationController':
      return replicas !== 0;
    case 'apps/DaemonSet':
      return (Object(content['status']) as Readonly<Record<string, unknown>>)['desiredNumberScheduled'] !== 0;
    case 'batch/CronJob':
    case 'batch/Job':
      return suspend !== true;
    default:
      return false;
  }
}

/** Whether the object is a finished Pod or Job, which will not run again. */
export function hasFinished({ group, kind, content }: KubernetesObject): boolean {
  const { phase, conditions } = Object(content['status']) as {
    readonly phase?: unknown;
    readonly conditions?: unknown;
  };
  if (group === '' && kind === 'Pod') return phase === 'Succeeded' || phase === 'Failed';
  if (group !== 'batch' || kind !== 'Job' || !Array.isArray(conditions)) return false;
  return (conditions as readonly unknown[]).some((condition) => {
    const { type, status } = Object(condition) as { readonly type?: unknown; readonly status?: unknown };
    return (type === 'Complete' || type === 'Failed') && status === 'True';
  });
}
