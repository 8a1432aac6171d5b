import type { StatusRemark } from '../../status/checks.ts';
import { countNames } from '../../status/day-counts.ts';
import type { NamespaceState, Status } from '../../status/status.ts';
import { daysText, summaryLines } from '../../status/summary.ts';
import { counted, hang, printable, table } from './layout.ts';
import type { Paint, Style } from './paint.ts';

const styles: Readonly<Record<StatusRemark['level'], Style>> = { problem: 'bad', warning: 'careful', note: 'faint' };

/** The status for people: problems first, then the facts, and namespaces and exemptions as tables. */
export function statusText(
  shown: {
    readonly place: string | undefined;
    readonly status: Status | undefined;
    readonly checks: readonly StatusRemark[];
  },
  paint: Paint,
): string {
  const { place, status, checks } = shown;
  const verdict = checks.some(({ level }) => level !== 'note') ? checkLines(checks, paint) : fineLines(checks, paint);
  const sections = [
    verdict,
    ...(status === undefined
      ? []
      : [
          [`status: ConfigMap ${place}`, ...summaryLines(status).map(printable)],
          namespaceLines(status),
          exemptionLines(status),
        ]),
  ];
  return sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n');
}

const fineLines = (notes: readonly StatusRemark[], paint: Paint): string[] => [
  paint('good', 'nothing is wrong'),
  ...checkLines(notes, paint),
];

const checkLines = (checks: readonly StatusRemark[], paint: Paint): string[] =>
  checks.flatMap(({ level, message }) =>
    hang(`${level}: `, printable(message), paint.columns).map((line) => paint(styles[level], line)),
  );

/** Those with requests, or with another mode than that of the policy; the others are counted. */
function namespaceLines({ namespaces, omittedNamespaces, policy }: Status): string[] {
  const told = namespaces.filter((each) => each.mode !== policy.mode || hasRequests(each));
  const left = namespaces.length - told.length + omittedNamespaces;
  const more = left === 0 ? [] : [`${told.length === 0 ? '' : 'and '}${counted(left, 'namespace')} without requests`];
  if (told.length === 0) return more;
  const heading = ['namespace', 'mode', 'allowed', 'denied', 'repaired', 'would be denied'];
  const rows = told.map((each) => [each.name, each.mode, ...countNames.map((countName) => String(each[countName]))]);
  return [...table([heading, ...rows]), ...more];
}

const hasRequests = (each: NamespaceState): boolean => countNames.some((countName) => each[countName] > 0);

function exemptionLines({ exemptions, omittedExemptions }: Status): string[] {
  if (exemptions.length === 0) return [];
  const rows = exemptions.map(({ name, owner, reason, daysLeft }) =>
    [name, daysLeft === null ? 'no end' : daysText(daysLeft), owner, reason].map(printable),
  );
  const more = omittedExemptions === 0 ? [] : [`and ${omittedExemptions} more, which end later`];
  return [...table([['exemption', 'ends', 'owner', 'reason'], ...rows]), ...more];
}
