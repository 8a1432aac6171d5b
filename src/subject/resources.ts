import type { Container, PodSpec } from './pod-types.ts';
import { formatQuantity, type Notation, notationOf, parseQuantity, type Quantity, roundedToMilli } from './quantity.ts';
import { remembered } from './remembered.ts';

/** An amount of a resource in its original notation, so that output looks like the input. */
export interface Amount {
  readonly quantity: Quantity;
  readonly notation: Notation;
}

/** The two kinds of resources of a container. */
export type ResourceKind = 'requests' | 'limits';

/** An init container that keeps running beside the main ones. */
export const isSidecar = (container: Container): boolean => container.restartPolicy === 'Always';

/** Resources that can be set for the Pod as a whole (component-helpers `IsSupportedPodLevelResource`). */
export const isPodLevelResource = (resource: string): boolean =>
  resource === 'cpu' || resource === 'memory' || resource.startsWith('hugepages-');

/**
 * The total requests and limits of a Pod by resource, overhead included (component-helpers `PodRequests` and
 * `PodLimits`), as the scheduler and quotas count them. A limit bounds the Pod only if every container has one. The
 * spec is defaulted.
 */
export function effectiveResources(spec: PodSpec, kind: ResourceKind): ReadonlyMap<string, Amount> {
  const effective = new Map<string, Amount>();
  for (const [resource, own] of byResource(spec, kind)) {
    const sum = aggregated(own, kind, resource);
    if (sum !== undefined) effective.set(resource, sum);
  }
  for (const [resource, text] of Object.entries(spec.resources?.[kind] ?? {})) {
    const whole = amountOf(text);
    if (whole !== undefined && isPodLevelResource(resource)) effective.set(resource, whole);
  }
  for (const [resource, text] of Object.entries(spec.overhead ?? {})) {
    const overhead = amountOf(text);
    const amount = effective.get(resource);
    const counts = kind === 'requests' || (amount?.quantity ?? 0n) !== 0n;
    if (overhead !== undefined && counts) effective.set(resource, sumOf(amount, overhead));
  }
  return effective;
}

type Aggregated = Pick<PodSpec, 'containers' | 'initContainers'>;

/** The containers that set a resource, by resource; the others add nothing to its sum. */
function byResource(spec: PodSpec, kind: ResourceKind): ReadonlyMap<string, Aggregated> {
  const found = new Map<string, { readonly containers: Container[]; readonly initContainers: Container[] }>();
  for (const list of ['containers', 'initContainers'] as const)
    for (const container of spec[list] ?? [])
      for (const resource in container.resources?.[kind]) {
        let own = found.get(resource);
        if (own === undefined) found.set(resource, (own = { containers: [], initContainers: [] }));
        own[list].push(container);
      }
  return found;
}

/**
 * The amount of one resource that the containers of a Pod need together (component-helpers
 * `AggregateContainerRequests`): the larger of the running containers and of the peak during initialization, including
 * sidecars that started earlier. Undefined if no container sets it.
 */
export function aggregated(spec: Aggregated, kind: ResourceKind, resource: string): Amount | undefined {
  const needOf = (container: Container): Amount | undefined => amountOf(container.resources?.[kind]?.[resource]);
  let total: Amount | undefined;
  for (const container of spec.containers) total = plus(total, needOf(container));
  let sidecars: Amount | undefined;
  let initialization: Amount | undefined;
  for (const container of spec.initContainers ?? []) {
    const need = needOf(container);
    if (isSidecar(container)) {
      total = plus(total, need);
      sidecars = plus(sidecars, need);
      initialization = larger(initialization, sidecars);
    } else initialization = larger(initialization, plus(need, sidecars));
  }
  return larger(total, initialization);
}

/** An amount in a resource list, rounded as by the API server; undefined if there is none. */
export function amountOf(text: unknown): Amount | undefined {
  if (typeof text === 'string') return roundedText(text).amount;
  return typeof text === 'number' ? roundedText(String(text)).amount : undefined;
}

const roundedText = remembered((text: string): { readonly amount: Amount | undefined } => {
  const quantity = parseQuantity(text);
  if (quantity === undefined) return { amount: undefined };
  return { amount: { quantity: roundedToMilli(quantity), notation: notationOf(text) } };
});

/** The canonical text of an amount. */
export const formatAmount = ({ quantity, notation }: Amount): string => formatQuantity(quantity, notation);

/** A sum keeps the notation of the first amount above zero. */
function sumOf(a: Amount | undefined, b: Amount): Amount {
  if (a === undefined || a.quantity === 0n) return b;
  return { quantity: a.quantity + b.quantity, notation: a.notation };
}

const plus = (a: Amount | undefined, b: Amount | undefined): Amount | undefined => (b === undefined ? a : sumOf(a, b));

const larger = (a: Amount | undefined, b: Amount | undefined): Amount | undefined =>
  a === undefined || (b !== undefined && b.quantity > a.quantity) ? b : a;
