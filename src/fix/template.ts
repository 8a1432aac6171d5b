/** Members with text that Kubernetes does not interpret, so that it may contain braces of other programs (Vault, Go). */
const freeText = new Set(['annotations', 'args', 'command', 'value']);

/**
 * Whether an object contains `{{` where Kubernetes would not accept it, and is therefore a template, or part of one, for
 * another program. Annotations, arguments and values of environment variables may contain it as they are.
 */
export function holdsTemplate(value: unknown): boolean {
  if (typeof value === 'string') return value.includes('{{');
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(value).some(
    ([key, member]) => key.includes('{{') || (!freeText.has(key) && holdsTemplate(member)),
  );
}

/** Whether a comment of the text contains `{{`: Helm evaluates templates in comments. */
export const hasTemplateComment = (text: string): boolean => /^[^\S\n]*#.*\{\{/m.test(text);
