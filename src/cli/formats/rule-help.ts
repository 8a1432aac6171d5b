import { rulePage } from '../../engine/links.ts';
import type { Rule } from '../../engine/rule.ts';

/** A rule's purpose, bad and good examples and the effect of its fix, in Markdown. */
export function ruleHelp({ id, docs, fix }: Rule): string {
  return [
    docs.why,
    `This breaks the rule:\n\n\`\`\`yaml\n${docs.bad.trim()}\n\`\`\``,
    `This does not:\n\n\`\`\`yaml\n${docs.good.trim()}\n\`\`\``,
    fix === undefined ? 'Only the author of the Pod can repair it.' : `The fix: ${fix.effect}`,
    `[${id} in the documentation](${rulePage(id)})`,
  ].join('\n\n');
}
