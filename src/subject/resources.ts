import type { Container, PodSpec } from './pod-types.ts';
import { parseQuantity, type Quantity } from './quantity.ts';

const max = (a: Quantity, b: Quantity): Quantity => (a > b ? a : b);

/** An init container that keeps running beside the main ones. */
export const isSidecar = (container: Container): boolean => container.restartPolicy === 'Always';

/**
 * What the containers of a Pod need together of one resource (component-helpers `AggregateContainerRequests`): the
 * larger of what runs in the end and of the hungriest moment of initialisation, where sidecars that started earlier
 * count along. Undefined when no container says anything of it.
 */
export function aggregated(spec: PodSpec, kind: 'requests' | 'limits', resource: string): Quantity | undefined {
  let named = false;
  const amount = (container: Container): Quantity => {
    const quantity = parseQuantity(container.resources?.[kind]?.[resource]);
    named ||= quantity !== undefined;
    return quantity ?? 0n;
  };
  let sum = 0n;
  for (const container of spec.containers) sum += amount(container);
  let sidecars = 0n;
  let initialisation = 0n;
  for (const container of spec.initContainers ?? []) {
    const need = amount(container);
    if (isSidecar(container)) {
      sum += need;
      sidecars += need;
      initialisation = max(initialisation, sidecars);
    } else initialisation = max(initialisation, need + sidecars);
  }
  return named ? max(sum, initialisation) : undefined;
}
