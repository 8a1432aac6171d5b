import { expect, test } from 'vitest';
import { ignoreCommentsOf } from '../../src/manifests/ignore-comments.ts';

test('a comment is about its own line, or about the next one with content', () => {
  const text = `# podwright-ignore no-bare-pods: a debugging Pod

# and more
apiVersion: v1
kind: Pod
spec:
  hostPID: true  # podwright-ignore no-host-pid, no-host-ipc: reads processes: all of them
  containers:
    # podwright-ignore require-cpu-request: bursts
    - name: app
`;
  expect(ignoreCommentsOf(text)).toEqual({
    comments: [
      { line: 1, column: 1, target: 4, rules: ['no-bare-pods'], reason: 'a debugging Pod' },
      { line: 7, column: 18, target: 7, rules: ['no-host-pid', 'no-host-ipc'], reason: 'reads processes: all of them' },
      { line: 9, column: 5, target: 10, rules: ['require-cpu-request'], reason: 'bursts' },
    ],
    problems: [],
  });
});

test('text inside a value is not a comment', () => {
  const text = `data:
  pod.yaml: |
    # podwright-ignore no-host-pid: in a text
    a: b # podwright-ignore no-host-pid: in a text
  a: "# podwright-ignore no-host-pid: in quotes"
  b: x#podwright-ignore no-host-pid: in a scalar
  # podwright-ignored no-host-pid: another word
`;
  expect(ignoreCommentsOf(text)).toEqual({ comments: [], problems: [] });
});

test.each(['"', "'"])('text in quotes %s is not a comment, even below the indentation of its key', (quote) => {
  const text = `a: ${quote}x
# podwright-ignore no-host-pid: in quotes
 y${quote} # podwright-ignore no-host-ipc: after it
b: ${quote}
# podwright-ignore no-host-pid: in quotes
${quote}
c:
  - d # podwright-ignore no-host-network: a comment
`;
  expect(ignoreCommentsOf(text)).toEqual({
    comments: [
      { line: 3, column: 5, target: 3, rules: ['no-host-ipc'], reason: 'after it' },
      { line: 8, column: 7, target: 8, rules: ['no-host-network'], reason: 'a comment' },
    ],
    problems: [],
  });
});

test.each(['', ' no-host-pid', ' no-host-pid:', ' no-host-pid:  ', ': a reason', ' : a reason'])(
  'what and why must be said: podwright-ignore%s',
  (rest) => {
    expect(ignoreCommentsOf(`---\r\na: b   # podwright-ignore${rest}\r\n`)).toEqual({
      comments: [],
      problems: [
        { line: 2, column: 8, message: 'an ignore comment needs rules and a reason: # podwright-ignore RULE: reason' },
      ],
    });
  },
);
