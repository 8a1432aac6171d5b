import type { Unreadable } from '../cluster/scan/index.ts';

/** The API server's message about a forbidden resource, with the part that names the resource. */
const forbidden = /^.*? is forbidden: (User .*?) resource "[^"]*" in API group "[^"]*"(.*)$/;

/**
 * Resources that may not be read, one line per reason: `cronjobs.batch, jobs.batch: User "jane" cannot list them in the
 * namespace "shop"`.
 */
export function rejectionLines(unreadable: readonly Unreadable[]): string[] {
  return [...Map.groupBy(unreadable, reasonOf).values()]
    .map((alike) => (alike.length === 1 ? alike.map(lineOf).join('') : lineOfAll(alike)))
    .toSorted();
}

function lineOf({ resource, message }: Unreadable): string {
  return message.startsWith(resource) ? message : `${resource}: ${message}`;
}

function lineOfAll(alike: readonly Unreadable[]): string {
  const resources = alike.map(({ resource }) => resource).toSorted();
  const [message = ''] = alike.map((each) => each.message);
  return `${resources.join(', ')}: ${message.replace(forbidden, '$1 them$2')}`;
}

/** The message without the parts that differ between resources. */
function reasonOf({ resource, message }: Unreadable): string {
  const [plural = ''] = resource.split('.', 1);
  return message
    .replace(/ in API group "[^"]*"/, '')
    .replaceAll(resource, '*')
    .replaceAll(plural, '*');
}
