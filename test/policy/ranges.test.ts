import { expect, test } from 'vitest';
import { loadPolicy } from '../../src/policy/load.ts';
import { rules } from '../../src/rules/index.ts';

const ports = 'must be a port from 1 to 65535 or a range of ports, such as "9100" or "30000-30999", not';
const ids = 'must be a number or a range of numbers up to 2147483647, such as "1000" or "10000-", not';

test.each([
  ['no-host-ports', 'allowed', '["9100", "30000-30999", "65535", "1-", "8080-8080"]', []],
  ['no-host-ports', 'allowed', '["99999"]', [`${ports} "99999"`]],
  ['no-host-ports', 'allowed', '["0-80"]', [`${ports} "0-80"`]],
  ['no-privileged-ports', 'allowed', '["200-100"]', [`${ports} "200-100"`]],
  ['no-privileged-ports', 'allowed', '["80-443-444", ""]', [`${ports} "80-443-444"`, `${ports} ""`]],
  ['no-host-ports', 'allowed', '[9100]', [`${ports} 9100; put it in quotes`]],
  ['allowed-users-and-groups', 'users', '["0", "10000-", "2147483647"]', []],
  ['allowed-users-and-groups', 'groups', '["2147483648"]', [`${ids} "2147483648"`]],
  ['allowed-users-and-groups', 'groups', '["20-10"]', [`${ids} "20-10"`]],
])('%s.%s takes ranges: %s', async (rule, option, value, messages) => {
  const policy = `rules: { ${rule}: { options: { ${option}: ${value} } } }`;
  const loaded = await loadPolicy(`apiVersion: podwright.dev/v1alpha1\nkind: Policy\n${policy}\n`, rules);
  expect('policy' in loaded ? [] : loaded.problems.map(({ message }) => message)).toEqual(messages);
});

test('presetVersion is at most the newest', async () => {
  const loaded = await loadPolicy('apiVersion: podwright.dev/v1alpha1\nkind: Policy\npresetVersion: 99\n', rules);
  expect(loaded).toMatchObject({ problems: [{ message: 'must be an integer from 1 to 2, not 99' }] });
});
