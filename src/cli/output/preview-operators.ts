import type { UnlistedOperator } from '../../audit/operators/index.ts';
import { counted, printable, wrap } from './layout.ts';

/** The sentence above the operators that the policy would have to list. */
export const operatorsHeading =
  'The policy does not list these operators, so their owner references are not trusted and their objects would be denied. Check these accounts, and list the right ones:';

/** The operators for standard error, one line each. */
export const unlistedLines = (operators: readonly UnlistedOperator[]): string[] =>
  operators.map(({ group, kind, accounts, workloads }) => {
    const account = accounts.length === 0 ? 'the account of the operator' : accounts.join(' or ');
    const what = `${kind}${group === '' ? '' : ` of ${group}`}`;
    return printable(
      `not listed: the operator that manages ${what} creates ${counted(workloads.length, 'workload')} that would be denied; list ${account} under operators`,
    );
  });

/** How many workloads of an operator are listed; the rest are counted. */
const maxNamed = 20;

/** The operators as a policy snippet, with a comment above each account. */
export function operatorsEntry(operators: readonly UnlistedOperator[]): string {
  const items = operators.flatMap((operator) => [
    ...commentsOf(operator).flatMap((line) => wrap(printable(line), 98).map((each) => `# ${each}`)),
    ...(operator.accounts.length === 0
      ? [`# - ${anAccount}`, ...statementOf(operator)]
      : operator.accounts.map((account) => `- ${printable(account)}`)),
  ]);
  return ['operators:', ...items, ''].join('\n');
}

const anAccount = 'system:serviceaccount:NAMESPACE:NAME';

/** The entry by which the next preview knows that the account is this operator's, because its name does not show it. */
const statementOf = ({ group, kind }: UnlistedOperator): string[] =>
  group === '' ? [] : [`# and beside operators: operatorKinds: { ${printable(`${kind}.${group}`)}: ${anAccount} }`];

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
    ...(accounts.length === 0 ? ['no running account has a matching name; fill in the account that it runs as'] : []),
  ];
}

/** `StatefulSet shop/db`, from `StatefulSet/db`. */
const titleIn = (namespace: string, object: string): string => object.replace('/', ` ${namespace}/`);
