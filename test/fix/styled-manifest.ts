import fc from 'fast-check';
import { Document, Scalar, visit } from 'yaml';
import { sameJson } from '../../src/patch/edits.ts';
import { readYaml } from '../../src/yaml/read.ts';

/** How somebody may write a manifest. */
interface Style {
  readonly json: string | number | undefined;
  readonly indent: number;
  readonly indentSeq: boolean;
  readonly padding: boolean;
  /** Which of the collections stand in brackets, and which of the texts in quotes. */
  readonly dice: readonly number[];
  readonly comments: boolean;
  readonly lineEnd: '\n' | '\r\n';
  readonly isOpenEnded: boolean;
  readonly hasMark: boolean;
}

const style: fc.Arbitrary<Style> = fc.record({
  json: fc.option(fc.constantFrom(0, 2, 4, '\t'), { nil: undefined, freq: 1 }),
  indent: fc.constantFrom(2, 4),
  indentSeq: fc.boolean(),
  padding: fc.boolean(),
  dice: fc.array(fc.nat({ max: 9 }), { minLength: 40, maxLength: 40 }),
  comments: fc.boolean(),
  lineEnd: fc.constantFrom('\n', '\r\n'),
  isOpenEnded: fc.boolean(),
  hasMark: fc.boolean(),
});

/** Manifests of these objects as somebody may write them, one document each. */
export function styledManifests(objects: readonly object[]): fc.Arbitrary<string> {
  return fc.tuple(...objects.map(() => style)).map((styles) => {
    const [first] = styles;
    const texts = objects.map((object, index) => styled(object, styles[index] ?? (first as Style)));
    const text = texts.join('---\n').replaceAll('\n', first?.lineEnd ?? '\n');
    const ended = first?.isOpenEnded === true && !/[|>][-+]?\d*\s[^:]*$/.test(text) ? text.trimEnd() : text;
    return first?.hasMark === true ? `\uFEFF${ended}` : ended;
  });
}

function styled(object: object, { json, dice, comments, padding, ...options }: Style): string {
  if (json !== undefined) return `${JSON.stringify(object, undefined, json)}\n`;
  let thrown = 0;
  const next = (): number => dice[thrown++ % dice.length] ?? 0;
  const document = new Document(object, { aliasDuplicateObjects: false });
  visit(document, {
    Collection(_key, node) {
      node.flow = node.items.length === 0 || next() === 0;
    },
    Scalar(_key, node) {
      const quotes = ([Scalar.QUOTE_DOUBLE, Scalar.QUOTE_SINGLE] as const)[next()];
      if (typeof node.value === 'string' && quotes !== undefined) node.type = quotes;
    },
  });
  const text = document.toString({ ...options, lineWidth: 0, flowCollectionPadding: padding });
  return comments ? commented(text, object, next) : text;
}

/** With comments above lines and at their end; as it is where they would be a part of some text. */
function commented(text: string, object: object, next: () => number): string {
  const lines = text
    .trimEnd()
    .split('\n')
    .flatMap((line, index) => {
      const lot = next();
      if (lot < 2) return [`${/^ */.exec(line)?.[0]}# ${index}: why`, line];
      return lot < 4 ? [`${line} # ${index}`] : [line];
    });
  const made = `${lines.join('\n')}\n`;
  const [read] = readYaml(made).documents;
  return sameJson(read?.value, object) ? made : text;
}
