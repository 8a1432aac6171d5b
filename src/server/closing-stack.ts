/**
 * Resources to close in reverse order: like `AsyncDisposableStack`, which Node.js 22 lacks, for those that have
 * `close`. If one fails to close, the others are still closed.
 */
export class ClosingStack implements AsyncDisposable {
  #closings: (() => unknown)[] = [];

  /** Returns the resource, which may be undefined because it is not wanted. */
  use<T extends { close(): unknown } | undefined>(resource: T): T {
    this.#closings.push(() => resource?.close());
    return resource;
  }

  /** Moves all resources to a new stack; this one has nothing left to close. */
  move(): ClosingStack {
    const moved = new ClosingStack();
    moved.#closings = this.#closings.splice(0);
    return moved;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const errors: unknown[] = [];
    for (const close of this.#closings.splice(0).toReversed()) {
      try {
        await close();
      } catch (error) {
        errors.push(error);
      }
    }
    if (errors.length > 0)
      throw errors.length === 1 ? errors[0] : new AggregateError(errors, 'several resources failed to close');
  }
}
