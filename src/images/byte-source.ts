/** The archive is invalid. The message is a clause that follows its name. */
export class BadArchive extends Error {}

/** Reads a stream piece by piece, and never holds more than the requested bytes and one chunk. */
export class ByteSource {
  readonly #chunks: AsyncIterator<Uint8Array>;
  #rest: Buffer = Buffer.alloc(0);
  /** How many bytes have been read or skipped. */
  offset = 0;

  constructor(stream: AsyncIterable<Uint8Array>) {
    this.#chunks = stream[Symbol.asyncIterator]();
  }

  /** Exactly so many bytes; undefined at the end of the stream. */
  async take(size: number): Promise<Buffer | undefined> {
    const parts: Buffer[] = [];
    let left = size;
    while (left > 0) {
      if (this.#rest.length === 0 && !(await this.#fill())) break;
      const part = this.#rest.subarray(0, left);
      parts.push(part);
      left -= part.length;
      this.#rest = this.#rest.subarray(part.length);
    }
    this.offset += size - left;
    if (left === size && size > 0) return undefined;
    if (left > 0) throw new BadArchive('is cut off');
    return Buffer.concat(parts);
  }

  async skip(size: number): Promise<void> {
    let left = size;
    while (left > this.#rest.length) {
      left -= this.#rest.length;
      if (!(await this.#fill())) throw new BadArchive('is cut off');
    }
    this.#rest = this.#rest.subarray(left);
    this.offset += size;
  }

  async #fill(): Promise<boolean> {
    const { done, value } = await this.#chunks.next();
    if (done === true) return false;
    this.#rest = Buffer.from(value.buffer, value.byteOffset, value.byteLength);
    return true;
  }
}
