import { expect, test } from 'vitest';
import { ClosingStack } from '../../src/server/closing-stack.ts';

const failing = (message: string) => ({
  async close() {
    throw new Error(message);
  },
});

test('closes the last first, one after the other', async () => {
  const closed: string[] = [];
  {
    await using stack = new ClosingStack();
    stack.use({ close: () => closed.push('first') });
    stack.use(undefined);
    stack.use({
      async close() {
        await Promise.resolve();
        closed.push('second');
      },
    });
  }
  expect(closed).toEqual(['second', 'first']);
});

test('leaves open what was moved', async () => {
  const closed: string[] = [];
  const stack = new ClosingStack();
  stack.use({ close: () => closed.push('first') });
  const moved = stack.move();
  await stack[Symbol.asyncDispose]();
  expect(closed).toEqual([]);
  await moved[Symbol.asyncDispose]();
  await moved[Symbol.asyncDispose]();
  expect(closed).toEqual(['first']);
});

test('closes the others when one fails, and tells of every failure', async () => {
  const closed: string[] = [];
  const stack = new ClosingStack();
  stack.use({ close: () => closed.push('first') });
  stack.use(failing('one'));
  await expect(stack[Symbol.asyncDispose]()).rejects.toThrow(/^one$/);
  expect(closed).toEqual(['first']);
  stack.use(failing('two'));
  stack.use(failing('three'));
  await expect(stack[Symbol.asyncDispose]()).rejects.toMatchObject({
    errors: [{ message: 'three' }, { message: 'two' }],
  });
});
