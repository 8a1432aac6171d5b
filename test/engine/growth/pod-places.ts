import { podFields } from '../../../src/subject/pod-fields.ts';

/** A list or map of a Pod that can grow. */
export interface GrowingList {
  /** `env` */
  readonly field: string;
  /** The type of an element; with `{}` at its end where it is a value of a map. */
  readonly element: string;
}

/** Lists of one object in a Pod, which grow together. */
export interface PodPlace {
  /** `spec.containers[]` */
  readonly name: string;
  readonly lists: readonly GrowingList[];
  /** A Pod that has just these elements there. */
  podWith(elements: Readonly<Record<string, readonly unknown[]>>): Readonly<Record<string, unknown>>;
}

type Wrap = (value: unknown) => Record<string, unknown>;

/** Every list and map that the type table knows of a Pod. Containers grow alone because each brings work of its own. */
export function podPlaces(): PodPlace[] {
  return [...placesIn('PodSpec', 'spec', specWith, []), ...placesIn('ObjectMeta', 'metadata', metadataWith, [])];
}

function* placesIn(type: string, name: string, wrap: Wrap, within: readonly string[]): Generator<PodPlace> {
  if (within.includes(type)) return;
  const lists = Object.entries(podFields[type] ?? {}).flatMap(([field, fieldType]) => {
    const element = fieldType.replace(/\[\]$/, '');
    return fieldType.endsWith('[]') || fieldType.endsWith('{}') ? [{ field, element }] : [];
  });
  const isContainers = ({ element }: GrowingList): boolean => element.endsWith('Container');
  const place = (placeName: string, growing: readonly GrowingList[]): PodPlace => ({
    name: placeName,
    lists: growing,
    podWith: (elements) =>
      wrap(
        Object.fromEntries(
          growing.map(({ field, element }) => {
            const values = elements[field] ?? [];
            return [field, element.endsWith('{}') ? Object.fromEntries(values as []) : values];
          }),
        ),
      ),
  });
  for (const list of lists.filter(isContainers)) yield place(`${name}.${list.field}`, [list]);
  const others = lists.filter((list) => !isContainers(list));
  if (others.length > 0) yield place(name, others);
  for (const [field, fieldType] of Object.entries(podFields[type] ?? {})) {
    const element = fieldType.replace(/\[\]$|\{\}$/, '');
    if (podFields[element] === undefined) continue;
    const isList = fieldType.endsWith('[]');
    const inside: Wrap = (value) => {
      const holder = { ...holders[element], ...(value as object) };
      if (isList) return wrap({ [field]: [holder] });
      return wrap({ [field]: fieldType.endsWith('{}') ? { key: holder } : holder });
    };
    yield* placesIn(element, `${name}.${field}${isList ? '[]' : ''}`, inside, [...within, type]);
  }
}

const app = { name: 'app', image: 'registry.example/app:1' };

/** What an element must have beside what grows in it. */
const holders: Readonly<Record<string, object>> = {
  Container: app,
  EphemeralContainer: { name: 'debug', image: 'registry.example/debug:1' },
  Volume: { name: 'volume' },
  HTTPGetAction: { port: 1 },
};

const specWith = (spec: unknown) => ({ metadata: { name: 'web' }, spec: { containers: [app], ...(spec as object) } });
const metadataWith = (metadata: unknown) => ({
  metadata: { name: 'web', ...(metadata as object) },
  spec: { containers: [app] },
});
