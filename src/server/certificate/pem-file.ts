import { readWhole } from '../../files/read-whole.ts';

/** The size limit of a Secret or a ConfigMap. */
const maxBytes = 1024 * 1024;

/** The text of a PEM file, or why it cannot be read. */
export async function readPem(file: string): Promise<{ readonly text: string } | { readonly problem: string }> {
  const content = await readWhole(file, { maxBytes });
  if ('bytes' in content) return { text: content.bytes.toString() };
  return { problem: `${file} cannot be read: ${content.problem}` };
}
