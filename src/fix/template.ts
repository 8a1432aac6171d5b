/**
 * Whether a value holds `{{`: it is a template whose result another program makes, or a part of one. In annotations other
 * programs keep templates of their own (Vault), which are no part of the manifest's.
 */
export function holdsTemplate(value: unknown): boolean {
  if (typeof value === 'string') return value.includes('{{');
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(value).some(
    ([key, member]) => key.includes('{{') || (key !== 'annotations' && holdsTemplate(member)),
  );
}

/** Whether a comment of the text holds `{{`: Helm carries out what stands in comments. */
export const hasTemplateComment = (text: string): boolean => /^[^\S\n]*#.*\{\{/m.test(text);
