import { expect, test } from 'vitest';
import { decoded } from '../../src/fix/encoded-text.ts';

const text = 'name: "wéb 😀"\n';

test.each([
  ['UTF-8', Buffer.from(text)],
  ['UTF-8 with a byte order mark', Buffer.from(`\uFEFF${text}`)],
  ['UTF-16, the low byte first', Buffer.from(`\uFEFF${text}`, 'utf16le')],
  ['UTF-16, the high byte first', Buffer.from(`\uFEFF${text}`, 'utf16le').swap16()],
])('%s is text without a mark, and becomes the same bytes', (_, bytes) => {
  const found = decoded(bytes);
  expect(found?.text).toBe(text);
  expect(found?.encode(text)).toEqual(bytes);
});

test('invalid characters could not be preserved', () => {
  expect(decoded(Buffer.from([0x61, 0xe9, 0x0a]))).toBeUndefined();
});
