/**
 * Whether a value contains `{{` and is therefore a template, or part of one, for another program. Annotations are
 * ignored because they can contain templates for other purposes (Vault).
 */
export function holdsTemplate(value: unknown): boolean {
  if (typeof value === 'string') return value.includes('{{');
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(value).some(
    ([key, member]) => key.includes('{{') || (key !== 'annotations' && holdsTemplate(member)),
  );
}

/** Whether a comment of the text contains `{{`: Helm evaluates templates in comments. */
export const hasTemplateComment = (text: string): boolean => /^[^\S\n]*#.*\{\{/m.test(text);
