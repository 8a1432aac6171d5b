import {
  type Draft,
  type DraftContainer,
  ephemeralFactors,
  linuxFactors,
  podFactors,
  windowsFactors,
} from './factors.ts';
import { type Assignment, type Factor, pairwise, singles } from './pairwise.ts';

/** A Pod to be evaluated, with what makes it differ from a Pod that restricted allows. */
export interface Variant {
  readonly name: string;
  readonly metadata: { readonly generateName: string; readonly annotations: Readonly<Record<string, string>> };
  readonly spec: object;
  /** The ephemeral container to add, if that is evaluated. */
  readonly ephemeral: object;
  /** Whether it differs in a combination of values. */
  readonly isPair: boolean;
}

/** Circumstances under which Pod Security evaluates some controls differently, or must not. */
const circumstances: readonly Assignment[] = [
  new Map([['nodeSelector', 'windows']]),
  new Map([['hostUsers', 'false']]),
];
const dependent = /^(?:allowPrivilegeEscalation|capabilities\.drop|procMount|seccompProfile|runAs)/;

/**
 * Every value by itself in a Pod that restricted allows, values of some controls under the circumstances that they may
 * depend on, then every two values together.
 */
export function podVariants(): Variant[] {
  const besides = circumstances.flatMap((one) =>
    singles(linuxFactors, one).filter((assignment) => [...assignment.keys()].some((name) => dependent.test(name))),
  );
  return [
    ...variantsOf(linuxFactors, [...singles(linuxFactors), ...besides], pairwise(sampleOf(linuxFactors))),
    ...variantsOf(windowsFactors, singles(sampleOf(windowsFactors)), pairwise(sampleOf(windowsFactors))),
  ];
}

/** Pods that restricted allows, each with one more, ephemeral container: every value and every two values of its own. */
export function ephemeralVariants(): Variant[] {
  const factors = [...podFactors.filter(({ name }) => name === 'hostUsers'), ...ephemeralFactors];
  return variantsOf([...linuxFactors, ...ephemeralFactors], singles(factors), pairwise(sampleOf(factors)));
}

function variantsOf(
  factors: readonly Factor<Draft>[],
  single: readonly Assignment[],
  pairs: readonly Assignment[],
): Variant[] {
  const named = (list: readonly Assignment[]) => list.map((one) => [nameOf(factors, one), one] as const);
  const alone = new Map(named(single));
  const distinct = new Map([...alone, ...named(pairs).filter(([name]) => !alone.has(name))]);
  return [...distinct].map(([name, assignment]) => variantOf(name, factors, assignment, !alone.has(name)));
}

/** A sample of many values is enough beside others, because all of them are among the singles. */
function sampleOf(factors: readonly Factor<Draft>[]): Factor<Draft>[] {
  return factors.map(({ name, values }) => ({
    name,
    values: values.length > 8 ? values.filter((_, index) => index % 3 === 0) : values,
  }));
}

function variantOf(name: string, factors: readonly Factor<Draft>[], assignment: Assignment, isPair: boolean): Variant {
  const { init, sidecar, main, ephemeral } = {
    init: container('init'),
    sidecar: { ...container('sidecar'), restartPolicy: 'Always' },
    main: container('main'),
    ephemeral: container('ephemeral'),
  };
  const draft: Draft = {
    annotations: {},
    spec: { securityContext: {} },
    containers: { init, sidecar, main, ephemeral },
  };
  for (const { name, values } of factors) {
    const chosen = values.find((one) => one.name === assignment.get(name)) ?? values[0];
    chosen?.apply(draft);
  }
  const metadata = { generateName: 'p-', annotations: draft.annotations };
  const spec = { ...draft.spec, initContainers: [init, sidecar], containers: [main] };
  return { name, metadata, spec, ephemeral, isPair };
}

function nameOf(factors: readonly Factor<Draft>[], assignment: Assignment): string {
  const firsts = new Map(factors.map(({ name, values }) => [name, values[0]?.name]));
  const unusual = [...assignment].filter(([name, chosen]) => firsts.get(name) !== chosen || name === 'os');
  return unusual.map(([name, chosen]) => `${name}: ${chosen}`).join(', ') || 'compliant';
}

function container(name: string): DraftContainer {
  return { name, image: 'registry.example/app:1', securityContext: {} };
}
