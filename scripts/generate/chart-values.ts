import { childOf, type Pointer, pointer, segmentsOf } from '../../src/patch/pointer.ts';
import type { JsonSchema } from '../../src/policy/json-schema.ts';
import type { YamlDocument } from '../../src/yaml/document.ts';
import { readYaml } from '../../src/yaml/read.ts';

/** A value of the chart that people may set: a key of values.yaml with a comment above it. */
export interface ChartValue {
  readonly key: readonly string[];
  readonly byDefault: unknown;
  readonly description: string;
  /** The part of the comment's `@schema` line beyond the type of the default. */
  readonly constraints: JsonSchema & { readonly $ref?: string };
}

const annotation = '@schema ';

/**
 * Reads values.yaml: a key with a comment is a value, a key without one groups values.
 *
 * @throws Error naming a key that has neither a comment nor keys below it.
 */
export function chartValues(text: string): ChartValue[] {
  const { documents, problems } = readYaml(text);
  const [document] = documents;
  if (document === undefined || problems.length > 0) throw new Error(`values.yaml: ${problems[0]?.message ?? 'empty'}`);
  return valuesBelow('', document.value, document, text.split('\n'));
}

function valuesBelow(path: Pointer, group: unknown, document: YamlDocument, lines: readonly string[]): ChartValue[] {
  return Object.keys(group as object).flatMap((name) => {
    const key = [...segmentsOf(path), name];
    const at = pointer(...key);
    const byDefault = childOf(group, name);
    const comment = readComment(commentAbove(document.positionOf(at).line, lines));
    if (comment.description !== '') return [{ key, byDefault, ...comment }];
    if (typeof byDefault !== 'object' || byDefault === null || Array.isArray(byDefault))
      throw new Error(`values.yaml: ${key.join('.')} has no comment`);
    return valuesBelow(at, byDefault, document, lines);
  });
}

/** The comment lines right above a line (counted from 1), without their signs. */
function commentAbove(line: number, lines: readonly string[]): string[] {
  const comment: string[] = [];
  for (let index = line - 2; index >= 0; index--) {
    const found = /^\s*# (.*)$/.exec(lines[index] ?? '')?.[1];
    if (found === undefined) break;
    comment.unshift(found);
  }
  return comment;
}

function readComment(lines: readonly string[]): Pick<ChartValue, 'description' | 'constraints'> {
  const schema = lines.find((line) => line.startsWith(annotation))?.slice(annotation.length);
  return {
    description: lines.filter((line) => !line.startsWith(annotation)).join(' '),
    constraints: schema === undefined ? {} : (JSON.parse(schema) as ChartValue['constraints']),
  };
}
