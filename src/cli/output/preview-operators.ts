import type { UnlistedOperator } from '../../audit/unlisted-operators.ts';
import { counted, printable, wrap } from './layout.ts';

export const operatorsHeading =
  'Operators run here that the policy does not list. What they make is refused, as their word on who owns it does not count. Check these accounts, and list those that are right:';

/** The operators for standard error, one line each. */
export const unlistedLines = (operators: readonly UnlistedOperator[]): string[] =>
  operators.map(({ group, kind, accounts, workloads }) => {
    const account = accounts.length === 0 ? 'the account of the operator' : accounts.join(' or ');
    const what = `${kind}${group === '' ? '' : ` of ${group}`}`;
    return printable(
      `not listed: what manages ${what} makes ${counted(workloads.length, 'workload')} that would be refused; list ${account} under operators`,
    );
  });

/** How many workloads of an operator are listed; the rest are counted. */
const maxNamed = 20;

/** The operators as a policy snippet, with a comment above each account. */
export function operatorsEntry(operators: readonly UnlistedOperator[]): string {
  const items = operators.flatMap((operator) => [
    ...commentsOf(operator).flatMap((line) => wrap(printable(line), 98).map((each) => `# ${each}`)),
    ...(operator.accounts.length === 0
      ? ['# - system:serviceaccount:NAMESPACE:NAME']
      : operator.accounts.map((account) => `- ${printable(account)}`)),
  ]);
  return ['operators:', ...items, ''].join('\n');
}

/** One sentence per operator: the kind that it manages, and the objects that would be denied. */
function commentsOf({ group, kind, managers, accounts, workloads }: UnlistedOperator): string[] {
  const written = managers.length === 0 ? '' : `, written by ${managers.join(', ')}`;
  const shown = workloads.slice(0, maxNamed);
  const left = workloads.length - shown.length;
  return [
    `manages ${kind}${group === '' ? '' : ` of ${group}`}${written}:`,
    ...shown.map(
      ({ subject, objects, rules }) =>
        `${objects.map((each) => titleIn(subject.namespace, each)).join(', ')}: ${rules.join(', ')}`,
    ),
    ...(left > 0 ? [`and ${left} more`] : []),
    ...(accounts.length === 0 ? ['no account that runs here has such a name; fill in the one that it runs as'] : []),
  ];
}

/** `StatefulSet shop/db`, from `StatefulSet/db`. */
const titleIn = (namespace: string, object: string): string => object.replace('/', ` ${namespace}/`);
