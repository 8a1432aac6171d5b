import { readWhole } from '../../files/read-whole.ts';

/** What a Secret or a ConfigMap can hold. */
const maxBytes = 1024 * 1024;

/** The text of a file in PEM, or why it cannot be read. */
export async function readPem(file: string): Promise<{ readonly text: string } | { readonly problem: string }> {
  const content = await readWhole(file, { maxBytes });
  if ('bytes' in content) return { text: content.bytes.toString() };
  return { problem: `${file} cannot be read: ${content.problem}` };
}
