import { parseSync, Visitor } from 'rolldown/utils';

/** Methods that walk what they are called on. */
const walking = new Set(
  'concat entries every filter find findIndex findLast findLastIndex flat flatMap forEach includes indexOf isSubsetOf join lastIndexOf map reduce replaceAll reverse shift slice some sort splice split toReversed toSorted toSpliced union unshift with'.split(
    ' ',
  ),
);
/** Functions that walk their first argument. */
const walkers = new Set([
  'Array.from',
  'Map.groupBy',
  'Object.assign',
  'Object.entries',
  'Object.fromEntries',
  'Object.groupBy',
  'Object.keys',
  'Object.values',
]);

interface Span {
  readonly start: number;
  readonly end: number;
}

/**
 * The TypeScript source with a counter wherever work is done: functions, rounds of loops, and what spreads and built-in
 * functions walk at once. `addSite` numbers a place of the source.
 */
export function countedSource(name: string, source: string, addSite: (place: string) => number): string {
  const inserted: { readonly at: number; readonly text: string }[] = [];
  const siteOf = ({ start }: Span): number => {
    const before = source.slice(0, start).split('\n');
    return addSite(`${name}:${before.length}:${(before.at(-1)?.length ?? 0) + 1}`);
  };
  const around = ({ start, end }: Span, before: string, after: string): void => {
    // of what ends at one place the inner comes first, of what starts there the outer
    inserted.push({ at: start, text: before });
    inserted.unshift({ at: end, text: after });
  };
  const step = (body: (Span & { readonly type: string }) | null): void => {
    if (body === null) return;
    if (body.type.endsWith('BlockStatement') || body.type === 'FunctionBody')
      inserted.push({ at: body.start + 1, text: `$work.step(${siteOf(body)});` });
    else if (body.type.endsWith('Statement')) around(body, `{$work.step(${siteOf(body)});`, '}');
    else around(body, `($work.step(${siteOf(body)}),`, ')');
  };
  const walk = (walked: Span): void => around(walked, `$work.walk(${siteOf(walked)},`, ')');
  const { program, errors } = parseSync(name, source);
  if (errors.length > 0) throw new Error(`${name} cannot be parsed: ${errors[0]?.message}`);
  new Visitor({
    FunctionDeclaration: ({ body }) => step(body),
    FunctionExpression: ({ body }) => step(body),
    ArrowFunctionExpression: ({ body }) => step(body),
    ForStatement: ({ body }) => step(body),
    ForInStatement: ({ body }) => step(body),
    ForOfStatement: ({ body }) => step(body),
    WhileStatement: ({ body }) => step(body),
    DoWhileStatement: ({ body }) => step(body),
    SpreadElement: ({ argument }) => walk(argument),
    NewExpression({ callee, arguments: [first] }) {
      if (first && 'name' in callee && (callee.name === 'Set' || callee.name === 'Map')) walk(first);
    },
    CallExpression({ callee, arguments: [first] }) {
      if (callee.type !== 'MemberExpression' || callee.property.type !== 'Identifier') return;
      const object = source.slice(callee.object.start, callee.object.end);
      if (first && walkers.has(`${object}.${callee.property.name}`)) walk(first);
      // to wrap a part of an optional chain would end the chain there
      else if (walking.has(callee.property.name) && !object.includes('?.')) walk(callee.object);
    },
  }).visit(program);
  return applied(source, inserted);
}

function applied(source: string, inserted: readonly { readonly at: number; readonly text: string }[]): string {
  let result = '';
  let from = 0;
  for (const { at, text } of inserted.toSorted((a, b) => a.at - b.at)) {
    result += source.slice(from, at) + text;
    from = at;
  }
  return result + source.slice(from);
}
