import { groups, type Rule } from '../../src/engine/rule.ts';
import { groupTitles } from './rule-cells.ts';

/** Links to all rule pages, one line a group: the end of `docs/life-of-a-pod.md`. */
export function ruleLinks(rules: readonly Rule[]): string {
  return groups
    .map((group) => ({ group, members: rules.filter((rule) => rule.group === group) }))
    .filter(({ members }) => members.length > 0)
    .map(({ group, members }) => `- **${groupTitles[group]}**: ${members.map(linkTo).join(', ')}`)
    .join('\n');
}

const linkTo = ({ id }: Rule): string => `[${id}](rules/${id}.md)`;
