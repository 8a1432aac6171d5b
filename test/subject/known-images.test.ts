import { expect, test } from 'vitest';
import { knownImages } from '../../src/subject/known-images.ts';

const names = knownImages.flatMap(({ images }) => images);

test.each(knownImages)('$images: facts in the right form, with a source', ({ images, facts, source }) => {
  for (const name of images) expect(name).toMatch(/^[a-z0-9.-]+\.[a-z]+\/[a-z0-9._/-]*[a-z0-9*]$/);
  expect(source).toMatch(/^[\w.-]+\/[\w.-]+ [\w.*/-]+/);
  expect(Object.keys(facts)).not.toHaveLength(0);
  const { user = 0, setuid = [], capabilities = [] } = facts;
  expect(String(user)).toMatch(/^(?:\d+|[a-z][\w-]*)$/);
  for (const program of setuid) expect(program).toMatch(/^[a-z]+(?:[-_][a-z]+)*$/);
  for (const capability of capabilities) expect(capability).toMatch(/^[A-Z]+(?:_[A-Z]+)*$/);
});

test('no image is in two lines', () => {
  expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
});
