import { readFileSync } from 'node:fs';
import type { Fix, Log, Result } from 'sarif';
import { expect, test } from 'vitest';
import { auditAs, auditTextAs } from './fixtures.ts';

const resultsOf = (text: string): Result[] => (JSON.parse(text) as Log).runs[0]?.results ?? [];
const fingerprintOf = ({ partialFingerprints }: Result): string => partialFingerprints?.['podwright/v1'] ?? '';

/** The text after a fix, as an editor makes it: lines and columns are those of the text before. */
function fixed(text: string, { artifactChanges }: Fix): string {
  const lines = text.split('\n');
  const offsetOf = (line = 1, column = 1): number =>
    lines.slice(0, line - 1).reduce((sum, { length }) => sum + length + 1, 0) + column - 1;
  return (artifactChanges[0]?.replacements ?? []).toReversed().reduce((made, { deletedRegion, insertedContent }) => {
    const start = offsetOf(deletedRegion.startLine, deletedRegion.startColumn);
    const end = offsetOf(deletedRegion.endLine, deletedRegion.endColumn);
    return made.slice(0, start) + (insertedContent?.text ?? '') + made.slice(end);
  }, text);
}

const policy = 'examples/policies/hardened.yaml';

test.each(['formats/manifests/shop.yaml', 'fixtures/web.yaml'])('each fix for %s repairs its finding', async (name) => {
  const text = readFileSync(`test/cli/${name}`, 'utf8');
  const results = resultsOf(await auditAs('sarif', [`../../${name}`], { policy, fixes: false }));
  const fixable = results.filter(({ fixes }) => fixes !== undefined);
  expect(fixable.length).toBeGreaterThan(5);
  for (const result of fixable) {
    const [fix] = result.fixes ?? [];
    const left = resultsOf(await auditTextAs('sarif', fixed(text, fix as Fix), { policy, fixes: false }));
    expect(left.map(fingerprintOf)).not.toContain(fingerprintOf(result));
  }
});

test('a fix is in the file of its finding, and says what it does', async () => {
  const result = resultsOf(await auditAs('sarif')).find(({ ruleId }) => ruleId === 'no-privilege-escalation');
  expect(result?.fixes).toMatchInlineSnapshot(`
    [
      {
        "artifactChanges": [
          {
            "artifactLocation": {
              "uri": "test/cli/formats/manifests/shop.yaml",
              "uriBaseId": "%SRCROOT%",
            },
            "replacements": [
              {
                "deletedRegion": {
                  "endColumn": 1,
                  "endLine": 15,
                  "startColumn": 1,
                  "startLine": 15,
                },
                "insertedContent": {
                  "text": "        securityContext:
              allowPrivilegeEscalation: false
    ",
                },
              },
            ],
          },
        ],
        "description": {
          "text": "Sets \`allowPrivilegeEscalation: false\` where nothing is set. Programs with setuid, setgid or file capabilities (\`sudo\`, \`su\`, \`newuidmap\`, \`postdrop\` of Postfix, \`ping\` without capabilities) then run with the privileges of their caller. Images that are known to rely on such a program are not repaired, nor are containers whose own command, probes or hooks run one, or whose shell starts a program with file capabilities: the finding names it. A container of another image that needs one sets \`allowPrivilegeEscalation: true\` itself, which is a finding but is never overridden.",
        },
      },
    ]
  `);
});

test('exempt findings and standard input have no fixes', async () => {
  const results = resultsOf(await auditAs('sarif'));
  const exempt = results.filter(({ suppressions }) => suppressions !== undefined);
  expect([exempt.length, exempt.filter(({ fixes }) => fixes !== undefined)]).toEqual([1, []]);
  const text = readFileSync('test/cli/formats/manifests/shop.yaml', 'utf8');
  expect(resultsOf(await auditTextAs('sarif', text)).filter(({ fixes }) => fixes !== undefined)).toEqual([]);
});
