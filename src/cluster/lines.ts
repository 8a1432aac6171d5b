/** The lines of a text that arrives in pieces, without their ends; empty ones are left out, and so is a last one that is cut off. */
export async function* linesOf(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  // A long line comes in many pieces, which are joined once.
  let begun: string[] = [];
  for await (const piece of pieces) {
    const [first = '', ...others] = decoder.decode(piece, { stream: true }).split('\n');
    begun.push(first);
    for (const next of others) {
      const line = begun.join('');
      begun = [next];
      if (line.trim() !== '') yield line;
    }
  }
}
