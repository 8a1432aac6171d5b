import type { Resources } from '../../subject/pod-types.ts';
import { parseQuantity } from '../../subject/quantity.ts';

/** The limit of a resource with the request below it, or the request alone. */
export function demandOf(resources: Resources | undefined, resource: string) {
  const [limit, request] = [resources?.limits?.[resource], resources?.requests?.[resource]];
  const least = limit === undefined ? undefined : parseQuantity(request);
  return {
    field: limit === undefined ? 'requests' : 'limits',
    text: String(limit ?? request),
    amount: parseQuantity(limit ?? request) ?? 0n,
    request: least === undefined ? undefined : { text: request, amount: least },
  };
}
