import { isAlias, isMap, isScalar, isSeq, type Node, type Scalar, type YAMLMap } from 'yaml';
import { type AliasTargets, isMerge, keyText, mergedMap, mergeSources } from './aliases.ts';

/** A remark on the node at an offset of the parsed text. */
export interface Remark {
  readonly offset: number;
  readonly text: string;
}

/** The data of a document. */
export interface PlainData {
  readonly value: unknown;
  /** Why the value is not to be used. */
  readonly trouble: Remark | undefined;
  readonly repeatedKeys: readonly Remark[];
}

/** How many values aliases may still add to a stream, so that a short text cannot become gigabytes. */
export interface AliasBudget {
  left: number;
}

/** Deeper than any Kubernetes object; code that walks the data recurses. */
const maxDepth = 500;

/** More values than fit into an object that the API server would accept. */
const maxAliasedValues = 100_000;

export const tooDeep = `nested too deeply (more than ${maxDepth} levels)`;

interface Conversion {
  readonly targets: AliasTargets;
  readonly repeatedKeys: Remark[];
  /** Targets of the aliases that are being copied out. */
  readonly open: Set<unknown>;
  aliasedValuesLeft: number;
  trouble: Remark | undefined;
}

/**
 * The nodes as the JSON that kubectl would send (sigs.k8s.io/yaml): aliases are copied out, merge keys applied, keys
 * turned to text, and the last of equal keys wins. As in go-yaml v2, a merge also overrides keys written before it.
 */
export function plainDataOf(contents: Node, targets: AliasTargets, budget: AliasBudget): PlainData {
  const mayAdd = Math.min(maxAliasedValues, budget.left);
  const conversion: Conversion = {
    targets,
    repeatedKeys: [],
    open: new Set(),
    aliasedValuesLeft: mayAdd,
    trouble: undefined,
  };
  const value = convert(contents, 0, conversion);
  budget.left -= mayAdd - conversion.aliasedValuesLeft;
  return { value, trouble: conversion.trouble, repeatedKeys: conversion.repeatedKeys };
}

function convert(node: unknown, depth: number, conversion: Conversion): unknown {
  if (!mayGoOn(node, depth, conversion)) return null;
  if (isScalar(node)) return convertScalar(node, conversion);
  if (isSeq(node)) return node.items.map((item) => convert(item, depth + 1, conversion));
  if (isAlias(node)) {
    let value: unknown = null;
    copyOut(node, conversion.targets.get(node), conversion, (target) => {
      value = convert(target, depth, conversion);
    });
    return value;
  }
  const result: Record<string, unknown> = {};
  if (!isMap(node)) return null;
  fill(result, node, depth, conversion);
  return result;
}

/** Stops at the first trouble: the document is lost, and going on could take for ever. */
function mayGoOn(node: unknown, depth: number, conversion: Conversion): boolean {
  if (depth > maxDepth) report(node, tooDeep, conversion);
  if (conversion.open.size > 0 && --conversion.aliasedValuesLeft < 0)
    report(node, 'the aliases expand to too many values', conversion);
  return conversion.trouble === undefined;
}

function copyOut<Target>(
  source: unknown,
  target: Target | undefined,
  conversion: Conversion,
  use: (target: Target) => void,
): void {
  if (target === undefined) return report(source, 'no anchor of this name stands before the alias', conversion);
  if (conversion.open.has(target))
    return report(source, 'the value that the alias stands for contains itself', conversion);
  conversion.open.add(target);
  use(target);
  conversion.open.delete(target);
}

function fill(result: Record<string, unknown>, map: YAMLMap, depth: number, conversion: Conversion): void {
  const written = new Set<string>();
  for (const pair of map.items) {
    if (isMerge(pair)) {
      for (const source of mergeSources(pair.value)) merge(result, source, depth, conversion);
      continue;
    }
    const key = keyText(pair.key, conversion.targets);
    if (key === undefined) return report(pair.key, 'a key must be text, a number or a boolean', conversion);
    if (written.has(key)) conversion.repeatedKeys.push({ offset: offsetOf(pair.key), text: key });
    written.add(key);
    define(result, key, convert(pair.value, depth + 1, conversion));
  }
}

function merge(result: Record<string, unknown>, source: unknown, depth: number, conversion: Conversion): void {
  const map = mergedMap(source, conversion.targets);
  if (map === undefined) return report(source, 'a merge key (<<) needs a map, an alias of one, or a list', conversion);
  copyOut(source, map, conversion, (target) => {
    if (mayGoOn(source, depth, conversion)) fill(result, target, depth, conversion);
  });
}

/** `__proto__` becomes a key like any other. */
function define(result: Record<string, unknown>, key: string, value: unknown): void {
  if (key !== '__proto__') result[key] = value;
  else Object.defineProperty(result, key, { value, writable: true, enumerable: true, configurable: true });
}

/** What an explicit tag promises; kubectl refuses a scalar that breaks it. */
const promises: ReadonlyMap<string, (value: unknown) => boolean> = new Map([
  ['tag:yaml.org,2002:int', Number.isInteger],
  ['tag:yaml.org,2002:float', (value) => typeof value === 'number'],
  ['tag:yaml.org,2002:bool', (value) => typeof value === 'boolean'],
  ['tag:yaml.org,2002:null', (value) => value === null],
]);

function convertScalar(node: Scalar, conversion: Conversion): unknown {
  const { value, tag = '' } = node;
  if (typeof value === 'number' && !Number.isFinite(value)) report(node, 'JSON has no such number', conversion);
  if (promises.get(tag)?.(value) === false) report(node, 'the value is not what its tag says', conversion);
  return value;
}

function report(node: unknown, text: string, conversion: Conversion): void {
  conversion.trouble ??= { offset: offsetOf(node), text };
}

/** Where a node starts; 0 for the value that a key without one has. */
export function offsetOf(node: unknown): number {
  return (node as { range?: readonly number[] | null } | null)?.range?.[0] ?? 0;
}
