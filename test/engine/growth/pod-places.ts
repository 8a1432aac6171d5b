import { podFields } from '../../../src/subject/pod-fields.ts';

/** A list or map of a Pod that can grow. */
export interface PodPlace {
  /** `spec.containers[].env` */
  readonly name: string;
  /** The type of an element. */
  readonly element: string;
  /** A Pod that has just these elements there. */
  podWith(elements: readonly unknown[]): Readonly<Record<string, unknown>>;
}

type Wrap = (value: unknown) => Record<string, unknown>;

/** Every list and map that the type table knows of a Pod. */
export function podPlaces(): PodPlace[] {
  return [...placesIn('PodSpec', 'spec', specWith, []), ...placesIn('ObjectMeta', 'metadata', metadataWith, [])];
}

function* placesIn(type: string, name: string, wrap: Wrap, within: readonly string[]): Generator<PodPlace> {
  if (within.includes(type)) return;
  for (const [field, fieldType] of Object.entries(podFields[type] ?? {})) {
    const element = fieldType.replace(/\[\]$|\{\}$/, '');
    const inField: Wrap = (value) => wrap({ [field]: value });
    const below = `${name}.${field}`;
    const isList = fieldType.endsWith('[]');
    const isMap = fieldType.endsWith('{}');
    if (isList || isMap) {
      const podWith = (elements: readonly unknown[]) => inField(isList ? elements : Object.fromEntries(elements as []));
      yield { name: `${below}${isMap ? '{}' : ''}`, element: isMap ? `${element}{}` : element, podWith };
    }
    if (podFields[element] === undefined) continue;
    const inside: Wrap = (value) => {
      const holder = { ...holders[element], ...(value as object) };
      if (isList) return inField([holder]);
      return inField(isMap ? { key: holder } : holder);
    };
    yield* placesIn(element, `${below}${isList ? '[]' : ''}`, inside, [...within, type]);
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
