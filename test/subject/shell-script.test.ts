import { expect, test } from 'vitest';
import { commandsOf } from '../../src/subject/shell-script.ts';
import { cpuSecondsOf } from '../support/cpu-time.ts';

test.each<[script: string, commands: string[]]>([
  ['sleep 10', ['sleep 10']],
  ['sleep 10 && nginx -s quit; echo done', ['sleep 10', 'nginx -s quit', 'echo done']],
  ['set -e\nsleep 5\n', ['set -e', 'sleep 5']],
  ['echo \'a; b\' "c && d" e\\;f', ['echo a; b c && d e;f']],
  ['sleep 5 # not; sleep 9\nsync', ['sleep 5', 'sync']],
  ["# don't\nsleep 5", ['sleep 5']],
  ['echo "a # b"; sleep 5', ['echo a # b', 'sleep 5']],
  ['curl http://x/#top', ['curl http://x/#top']],
  ['sleep 1 \\\n 2', ['sleep 1 2']],
  ['A=1 exec sleep 3', ['sleep 3']],
  ['A=1', []],
  ['', []],
])('%j', (script, commands) => {
  expect(commandsOf(script).map(({ words }) => words.join(' '))).toEqual(commands);
});

test.each<[script: string, certain: string[], other: string[]]>([
  ['sleep 5 & wait', ['wait'], ['sleep 5']],
  ['nginx -s quit || sleep 9; sync', ['nginx -s quit', 'sync'], ['sleep 9']],
  ['a || b && c', ['a'], ['b', 'c']],
  ['while pgrep nginx; do sleep 1; done; sync', ['sync'], ['pgrep nginx', 'sleep 1']],
  ['for i in 1 2 3; do sleep 1; done', [], ['sleep 1']],
  ['if [ -f /x ]; then\n  sleep 9\nfi\nsleep 1', ['sleep 1'], ['[ -f /x ]', 'sleep 9']],
  ['case $1 in a) sleep 9;; esac; sleep 1', ['sleep 1'], ['sleep 9']],
  ['(sleep 9; sync) & sleep 1', ['sleep 1'], ['sleep 9', 'sync']],
  ['{ sleep 9; }; sleep 1', ['sleep 1'], ['sleep 9']],
  ['stop() { sleep 9; }; sleep 1', ['stop', 'sleep 1'], ['sleep 9']],
  ['x=$( (a; b); c ); sleep 1', ['sleep 1'], ['a', 'b', 'c']],
  ['[ "$(curl -s "http://db/x y")" = ok ]', ['[ $ = ok ]'], ['curl -s http://db/x y']],
  ['curl http://$(hostname -i):80/ && sleep 1', ['curl http://$:80/', 'sleep 1'], ['hostname -i']],
  ['sleep ${DELAY:-5}', ['sleep ${DELAY:-5}'], []],
])('%j: what is certain to run', (script, certain, other) => {
  const commands = commandsOf(script);
  expect({
    certain: commands.filter((command) => command.certain).map(({ words }) => words.join(' ')),
    other: commands.filter((command) => !command.certain).map(({ words }) => words.join(' ')),
  }).toEqual({ certain, other });
});

test.each(["'", '"', '$(', ')', '"$(', 'a "b', '\\', 'fi; done', '$(((', '&&', '`a`'])('%j does not fail', (script) => {
  expect(() => commandsOf(script)).not.toThrow();
});

test.each(["'", '"', '$(', '(', ')', '#', ' #', '\\', 'a', ' ', '|', '\'"', '"$('])(
  'a script of nothing but %j takes no longer than its length',
  (part) => {
    expect(cpuSecondsOf(() => void commandsOf(part.repeat(100_000)))).toBeLessThan(5);
  },
);
