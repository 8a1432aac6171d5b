import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, expect, test } from 'vitest';
import { printable, visible } from '../../src/cli/output/layout.ts';
import { plain } from '../../src/cli/output/paint.ts';
import { runAudit } from '../../src/cli/run-audit.ts';

const folder = mkdtempSync(join(tmpdir(), 'podwright-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Escape, right-to-left override, isolate, line and paragraph separator, zero width space, byte order mark, a tag. */
const hidden = '\u001b\u202e\u2066\u2028\u2029\u200b\ufeff\u{e0041}';
const isHidden = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;

test.each(['text', 'json', 'sarif', 'gitlab', 'junit', 'github', 'markdown'] as const)(
  'no name can put control or invisible characters into %s',
  async (output) => {
    const file = join(folder, `we${hidden.replace('\u001b', '')}b.yaml`);
    const name = JSON.stringify(`a${hidden}b`);
    const pod = `{ hostNetwork: true, containers: [{ name: ${name}, image: ${name}, env: [{ name: ${name}, value: x }] }] }`;
    writeFileSync(file, `apiVersion: v1\nkind: Pod\nmetadata: { name: ${name}, namespace: ${name} }\nspec: ${pod}\n`);
    const result = await runAudit(
      [file],
      { output: [{ format: output, file: undefined }], failOn: 'enforce' },
      () => Readable.from([]),
      plain,
    );
    const text = [result.output, ...result.messages.map(printable)].join('');
    expect(result.output.length).toBeGreaterThan(100);
    expect(text.split('\n').filter((line) => isHidden.test(line))).toEqual([]);
  },
);

test('invisible characters are escaped, and JSON keeps its meaning', () => {
  const data = { name: hidden };
  expect(visible(JSON.stringify(data))).toBe(
    '{"name":"\\u001b\\u202e\\u2066\\u2028\\u2029\\u200b\\ufeff\\udb40\\udc41"}',
  );
  expect(JSON.parse(visible(JSON.stringify(data)))).toEqual(data);
});
