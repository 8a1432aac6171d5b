import { expect, test } from 'vitest';
import { decide } from '../../src/admission/decide.ts';
import { onlyRules } from '../support/policies.ts';
import { podObject, requestFor } from '../support/requests.ts';

const world = { policy: onlyRules(['no-host-network']), minor: 36 };
const titleFor = (name: string): string | undefined => {
  const pod = podObject(
    { hostNetwork: true, containers: [{ name: 'app', image: 'app:1' }] },
    { name, generateName: 'db-' },
  );
  return decide('validate', requestFor(pod), world).response.status?.message.split(' is refused')[0];
};

// A StatefulSet gives its Pods both a name and the prefix of one.
test.each([
  ['db-0', 'Pod shop/db-0'],
  ['db-10000', 'Pod shop/db-10000'],
  ['db-x2x7q', 'Pod shop/db-*'],
])('the Pod %s of a controller is called %s', (name, expected) => {
  expect(titleFor(name)).toBe(expected);
});
