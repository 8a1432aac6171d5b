import { Command } from 'commander';
import { expect, test } from 'vitest';
import { type OutputTarget, outputTargetsOption } from '../../src/cli/output-targets.ts';

const parsed = (...targets: string[]): readonly OutputTarget[] | undefined =>
  new Command()
    .exitOverride()
    .configureOutput({ writeErr: () => undefined })
    .addOption(outputTargetsOption())
    .parse(
      targets.flatMap((target) => ['-o', target]),
      { from: 'user' },
    )
    .opts<{ output?: readonly OutputTarget[] }>().output;

test('a dash stands for standard output', () => {
  expect(parsed('json=-', 'sarif=a.sarif')).toEqual([
    { format: 'json', file: undefined },
    { format: 'sarif', file: 'a.sarif' },
  ]);
});

test.each([
  [['sarif=a', 'junit=./a'], 'Two formats cannot share the file ./a.'],
  [['json', 'yaml=-'], 'Standard output takes one format; write the other to a file: yaml=FILE.'],
  [['json='], 'Specify a file after json=.'],
  [['pdf'], 'Allowed choices are '],
])('%j cannot be written', (targets, reason) => {
  expect(() => parsed(...targets)).toThrow(reason);
});
