import { join } from 'node:path';
import { expect, test } from 'vitest';
import { cases, type Expected } from '../manifests/corpus/cases.ts';
import { inNode, wanted } from './support/kubectl.ts';

const file = join(import.meta.dirname, '../manifests/corpus/expected.jsonl');

/** Reads a file in Base64 from each line, and ends what kubectl says of it with a line of its own. */
const script = `while read -r line; do
  echo "$line" | base64 -d | kubectl create --dry-run=client --validate=false -o json -f - 2>&1
  echo "=== $?"
done`;

interface Printed {
  readonly metadata?: { readonly namespace?: string } | null;
}

test(
  'kubectl reads the corpus as recorded; -u records it again',
  async () => {
    const lines = cases.map(({ bytes }) => bytes.toString('base64'));
    const { stdout } = await wanted(inNode(['sh', '-c', script], `${lines.join('\n')}\n`));
    const answers = [...stdout.matchAll(/(.*?)^=== (\d+)\n/gms)];
    const outcomes = cases.map(({ name }, index): Expected => {
      const [, said = '', code] = answers[index] ?? [];
      return code === '0' ? { name, objects: objectsOf(said) } : { name, refused: firstLineOf(said) };
    });
    await expect(outcomes.map((outcome) => `${JSON.stringify(outcome)}\n`).join('')).toMatchFileSnapshot(file);
  },
  15 * 60_000,
);

/** The objects stand one after the other; kubectl fills in the namespace. */
function objectsOf(said: string): unknown[] {
  const texts = said.split(/(?<=^\})\n/m).filter((text) => text.trim() !== '');
  return texts.map((text) => {
    const object = JSON.parse(text) as Printed;
    if (object.metadata?.namespace !== 'default') return object;
    const { namespace: _, ...metadata } = object.metadata;
    return Object.keys(metadata).length === 0 ? { ...object, metadata: undefined } : { ...object, metadata };
  });
}

/** Without the objects that are printed before it. */
const firstLineOf = (said: string): string =>
  /^(?:error|Error|unable|invalid).*$/m.exec(said)?.[0] ?? said.slice(0, 200);
