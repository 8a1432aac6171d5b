/** The text of a file, and how to encode a new text in the same way. */
export interface EncodedText {
  /** Without a byte order mark. */
  readonly text: string;
  /** The bytes of a text in the encoding of the file, with its byte order mark. */
  encode(text: string): Buffer;
}

type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be';

/** The text of a file as kubectl decodes it; undefined if encoding it again would not give the same bytes. */
export function decoded(bytes: Uint8Array): EncodedText | undefined {
  const encoding = encodingOf(bytes);
  const text = new TextDecoder(encoding, { ignoreBOM: true }).decode(bytes);
  const mark = text.startsWith('\uFEFF') ? '\uFEFF' : '';
  const encode = (made: string): Buffer => encoded(mark + made, encoding);
  const body = text.slice(mark.length);
  return encode(body).equals(bytes) ? { text: body, encode } : undefined;
}

function encodingOf([first, second]: Uint8Array): Encoding {
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  return first === 0xfe && second === 0xff ? 'utf-16be' : 'utf-8';
}

function encoded(text: string, encoding: Encoding): Buffer {
  if (encoding === 'utf-8') return Buffer.from(text);
  const bytes = Buffer.from(text, 'utf16le');
  return encoding === 'utf-16le' ? bytes : bytes.swap16();
}
