import type { UnlistedOperator } from '../../audit/unlisted-operators.ts';
import { counted, printable, wrap } from './layout.ts';

export const operatorsHeading =
  'Operators run here that the policy does not list. What they make is refused, as their word on who owns it does not count. Check these accounts, and list those that are right:';

/** The operators for standard error, a line each. */
export const unlistedLines = (operators: readonly UnlistedOperator[]): string[] =>
  operators.map(({ group, kind, accounts, workloads }) => {
    const account = accounts.length === 0 ? 'the account of the operator' : accounts.join(' or ');
    const what = `${kind}${group === '' ? '' : ` of ${group}`}`;
    return printable(
      `not listed: what manages ${what} makes ${counted(workloads.length, 'workload')} that would be refused; list ${account} under operators`,
    );
  });

/** How many workloads of an operator are named before the rest is counted. */
const maxNamed = 20;

/** The operators as a piece of policy, each account under a comment that says what it is for. */
export function operatorsEntry(operators: readonly UnlistedOperator[]): string {
  const items = operators.flatMap((operator) => [
    ...commentsOf(operator).flatMap((line) => wrap(printable(line), 98).map((each) => `# ${each}`)),
    ...(operator.accounts.length === 0
      ? ['# - system:serviceaccount:NAMESPACE:NAME']
      : operator.accounts.map((account) => `- ${printable(account)}`)),
  ]);
  return ['operators:', ...items, ''].join('\n');
}

/** An operator in one sentence: what it manages, and what would be refused. */
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

/** `StatefulSet shop/db`, of `StatefulSet/db`. */
const titleIn = (namespace: string, object: string): string => object.replace('/', ` ${namespace}/`);
