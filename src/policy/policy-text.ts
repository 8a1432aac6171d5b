import { type Content, readStream, readWhole } from '../files/read-whole.ts';

/** The size limit of a ConfigMap, and therefore of a policy file. */
export const maxPolicyBytes = 1024 * 1024;

/** The text of a policy file, or why it was not read. */
export type PolicyText = { readonly text: string } | Exclude<Content, { readonly bytes: Buffer }>;

/** Reads a policy file as text; `shellPipes` as for `readWhole`. */
export async function readPolicyText(
  file: string,
  { shellPipes = false }: { readonly shellPipes?: boolean } = {},
): Promise<PolicyText> {
  return asText(await readWhole(file, { maxBytes: maxPolicyBytes, shellPipes }));
}

/** Reads standard input as text, as a policy file is read. */
export const readPolicyStream = async (input: NodeJS.ReadableStream): Promise<PolicyText> =>
  asText(await readStream(input, { maxBytes: maxPolicyBytes }));

const asText = (content: Content): PolicyText => ('bytes' in content ? { text: content.bytes.toString() } : content);
