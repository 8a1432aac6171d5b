import { expect, test } from 'vitest';
import { programsOf } from '../../src/subject/exec-command.ts';

test.each<[command: string[], programs: string[]]>([
  [['/usr/bin/curl', '-f', 'http://localhost/'], ['curl -f http://localhost/']],
  [
    ['/bin/sh', '-c', '/usr/bin/psql -h db && echo ok'],
    ['psql -h db', 'echo ok'],
  ],
  [['bash', '-ec', 'sync'], ['sync']],
  [['bash', '-o', 'pipefail', '-c', 'sync'], ['sync']],
  [['busybox', 'sh', '-c', 'busybox sleep 5'], ['sleep 5']],
  [['sh', '-c', 'timeout -k 1 5s /bin/nc -z db 1'], ['nc -z db 1']],
  [['sh', '/opt/check.sh'], []],
  [['sh', '-c'], []],
  [['sh'], []],
  [['busybox'], ['busybox']],
  [[], []],
  [['timeout', '5', 'redis-cli', '-h', 'db'], ['redis-cli -h db']],
  [['timeout'], []],
  [['sh', '-c', 'exec sh -c "nc -z db 1"'], ['nc -z db 1']],
  [
    ['sudo', '-n', '-u', 'app', 'curl', 'http://db/'],
    ['sudo -n -u app curl http://db/', 'curl http://db/'],
  ],
  [
    ['sh', '-c', 'A=1 sudo sh -c "sync; sleep 5"'],
    ['sudo sh -c sync; sleep 5', 'sync', 'sleep 5'],
  ],
  [['sudo', '-v'], ['sudo -v']],
])('%j', (command, programs) => {
  expect(programsOf(command).map(({ words }) => words.join(' '))).toEqual(programs);
});

test('a chain of wrappers is no recursion', () => {
  expect(programsOf([...Array.from({ length: 100_000 }, () => 'env'), 'sync'])).toEqual([
    { words: ['sync'], certain: true },
  ]);
});

test('nor is one of sudo', () => {
  const programs = programsOf([...Array.from({ length: 100_000 }, () => 'sudo'), 'sync']);
  expect(programs.map(({ words }) => words.length)).toEqual([100_001, 1]);
});
