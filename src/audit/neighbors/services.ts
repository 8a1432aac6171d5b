import type { Service } from '../../engine/neighbors.ts';
import type { KubernetesObject } from '../../manifests/kubernetes-object.ts';
import { valueAt } from '../../patch/pointer.ts';
import { decode } from '../../subject/decode.ts';
import type { PodSubject } from '../../subject/pod-subject.ts';
import { labelsOfTemplate, namesAddedLabel, selectorOfTemplates } from './controller-labels.ts';
import { openSelected } from './selected-objects.ts';
import type { Selecting } from './selector-index.ts';

type IntOrString = number | string;

interface ServiceSpec {
  readonly selector?: Readonly<Record<string, string>>;
  readonly type?: string;
  readonly clusterIP?: string;
  readonly ports?: readonly {
    readonly name?: string;
    readonly port?: number;
    readonly targetPort?: IntOrString;
    readonly protocol?: string;
  }[];
}

/** The Services of one namespace while they come in. */
export interface Services {
  add(object: KubernetesObject): void;
  /** Undefined if there are none at all. */
  selecting(pod: PodSubject): Service[] | undefined;
  isAnySelecting(): boolean;
  named(name: string): { readonly name: string; readonly isHeadless: boolean } | undefined;
}

export function openServices(): Services {
  const services = openSelected<Service & Selecting>();
  // those that select a Pod by a label that its template does not have
  const servicesByAdded = openSelected<Service & Selecting>();
  const headless = new Map<string, boolean>();
  let isAnySelecting = false;
  return {
    add(object) {
      headless.set(structuredClone(object.name), valueAt(object.content, '/spec/clusterIP') === 'None');
      const service = readService(object);
      if (service === undefined) return;
      isAnySelecting = true;
      services.add(service);
      const { matchLabels } = service.selector;
      if (namesAddedLabel(matchLabels))
        servicesByAdded.add({ ...service, selector: { matchLabels: selectorOfTemplates(matchLabels) } });
    },
    selecting(pod) {
      if (headless.size === 0) return undefined;
      const found = services.selecting(pod.metadata.labels);
      return pod.isTemplate ? [...found, ...servicesByAdded.selecting(labelsOfTemplate(pod))] : found;
    },
    isAnySelecting: () => isAnySelecting,
    named(name) {
      const isHeadless = headless.get(name);
      return isHeadless === undefined ? undefined : { name, isHeadless };
    },
  };
}

/** Undefined for a Service that selects no Pods: its endpoints are written by others, or it is a DNS alias. */
function readService({ name, content }: KubernetesObject) {
  const {
    selector = {},
    type,
    clusterIP,
    ports = [],
  } = (decode('ServiceSpec', content['spec'], 'spec', []) ?? {}) as ServiceSpec;
  if (Object.keys(selector).length === 0 || type === 'ExternalName') return undefined;
  return {
    name,
    selector: { matchLabels: selector },
    isHeadless: clusterIP === 'None',
    ports: ports.map((port) => ({
      name: port.name ?? '',
      target: targetOf(port.targetPort) ?? port.port ?? 0,
      protocol: port.protocol ?? 'TCP',
    })),
  };
}

/** The API server takes 0 and an empty name as not set. */
const targetOf = (target: IntOrString | undefined): IntOrString | undefined => target || undefined;
