import { maxDepth } from './json-stream.ts';
import { isMerge, keyText, mergedMap, mergeSources } from './maps.ts';
import type { MapNode, ScalarNode, YamlNode } from './nodes.ts';
import { keepsPromise, scalarValue } from './scalars.ts';

/** A problem with the node at an offset of the parsed text. */
export interface Remark {
  readonly offset: number;
  readonly text: string;
}

/** The data of a document. */
export interface PlainData {
  readonly value: unknown;
  /** Why the value must not be used. */
  readonly trouble: Remark | undefined;
}

/** How many values aliases may still add to a stream, so that a short text cannot become gigabytes. */
export interface AliasBudget {
  left: number;
}

/** More values than fit into an object that the API server would accept. */
const maxAliasedValues = 100_000;

export const tooDeep = `nested too deeply (more than ${maxDepth} levels)`;

interface Conversion {
  /** Targets of the aliases that are being expanded. */
  readonly open: Set<unknown>;
  aliasedValuesLeft: number;
  trouble: Remark | undefined;
}

/**
 * The nodes as the JSON that kubectl would send (sigs.k8s.io/yaml): aliases are expanded, merge keys applied, keys
 * converted to text, and the last of duplicate keys wins. As in go-yaml v2, a merge also overrides keys written before
 * it.
 */
export function plainDataOf(contents: YamlNode, budget: AliasBudget): PlainData {
  const mayAdd = Math.min(maxAliasedValues, budget.left);
  const conversion: Conversion = {
    open: new Set(),
    aliasedValuesLeft: mayAdd,
    trouble: undefined,
  };
  const value = convert(contents, 0, conversion);
  budget.left -= mayAdd - conversion.aliasedValuesLeft;
  return { value, trouble: conversion.trouble };
}

function convert(node: YamlNode, depth: number, conversion: Conversion): unknown {
  if (!mayGoOn(node, depth, conversion)) return null;
  switch (node.kind) {
    case 'scalar':
      return convertScalar(node, conversion);
    case 'list':
      return node.items.map((item) => convert(item, depth + 1, conversion));
    case 'map': {
      const result: Record<string, unknown> = {};
      fill(result, node, depth, conversion);
      return result;
    }
    case 'alias': {
      let value: unknown = null;
      copyOut(node, node.target, conversion, (target) => {
        value = convert(target, depth, conversion);
      });
      return value;
    }
  }
}

/** Stops at the first problem: the document is invalid, and continuing could take forever. */
function mayGoOn(node: YamlNode, depth: number, conversion: Conversion): boolean {
  if (depth > maxDepth) report(node, tooDeep, conversion);
  if (conversion.open.size > 0 && --conversion.aliasedValuesLeft < 0)
    report(node, 'the aliases expand to too many values', conversion);
  return conversion.trouble === undefined;
}

function copyOut<Target extends YamlNode>(
  source: YamlNode,
  target: Target | undefined,
  conversion: Conversion,
  use: (target: Target) => void,
): void {
  if (target === undefined) return report(source, 'no anchor of this name precedes the alias', conversion);
  if (conversion.open.has(target))
    return report(source, 'the alias refers to a value that contains itself', conversion);
  conversion.open.add(target);
  use(target);
  conversion.open.delete(target);
}

function fill(result: Record<string, unknown>, map: MapNode, depth: number, conversion: Conversion): void {
  for (const pair of map.pairs) {
    if (isMerge(pair)) {
      for (const source of mergeSources(pair.value)) merge(result, source, depth, conversion);
      continue;
    }
    const key = keyText(pair.key);
    if (key === undefined) return report(pair.key, 'a key must be text, a number or a boolean', conversion);
    define(result, key, convert(pair.value, depth + 1, conversion));
  }
}

function merge(result: Record<string, unknown>, source: YamlNode, depth: number, conversion: Conversion): void {
  const map = mergedMap(source);
  if (map === undefined) return report(source, 'a merge key (<<) needs a map, an alias of one, or a list', conversion);
  copyOut(source, map, conversion, (target) => {
    if (mayGoOn(source, depth, conversion)) fill(result, target, depth, conversion);
  });
}

/** `__proto__` becomes an ordinary key. */
function define(result: Record<string, unknown>, key: string, value: unknown): void {
  if (key !== '__proto__') result[key] = value;
  else Object.defineProperty(result, key, { value, writable: true, enumerable: true, configurable: true });
}

function convertScalar(node: ScalarNode, conversion: Conversion): unknown {
  const value = scalarValue(node);
  if (typeof value === 'number' && !Number.isFinite(value)) report(node, 'JSON has no such number', conversion);
  if (!keepsPromise(node, value)) report(node, 'the value does not match its tag', conversion);
  return value;
}

function report({ offset }: YamlNode, text: string, conversion: Conversion): void {
  conversion.trouble ??= { offset: Math.max(0, offset), text };
}
