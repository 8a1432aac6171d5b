import { expect, test } from 'vitest';
import { type ImageEntry, openImageFacts } from '../../src/engine/image-entry.ts';

const entries: readonly ImageEntry[] = [
  { image: 'docker.io/acme/*', user: 1000, setuid: [], shell: true },
  { image: 'docker.io/acme/web:2.*', user: 'web', capabilities: [] },
  { image: 'docker.io/cimg/*', setuid: [] },
];
const factsOf = openImageFacts(entries);

test.each([
  ['acme/api', { user: 1000, setuid: [], shell: true, isUserStated: true }],
  // a later entry wins, fact by fact
  ['acme/web:2.1', { user: 'web', setuid: [], capabilities: [], shell: true, isUserStated: true }],
  ['acme/web:3.0', { user: 1000, setuid: [], shell: true, isUserStated: true }],
  // the policy overrides the built-in table, which otherwise holds
  ['cimg/node:22.1', { setuid: [], isUserStated: false }],
  ['selenium/hub:4', { setuid: ['sudo'], isUserStated: false }],
  ['registry.example/acme/api', { isUserStated: false }],
  ['No Image', { isUserStated: false }],
])('the facts of %s', (image, facts) => {
  expect(factsOf(image)).toEqual(facts);
});
