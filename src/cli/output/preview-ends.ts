import type { Preview } from '../../audit/preview/index.ts';
import { type ExemptionEnd, soonDays, workloadOutcomes } from '../../audit/preview/index.ts';
import { counted, hang, printable } from './layout.ts';
import { titleFor } from './preview-sentences.ts';

/** A heading and the lines below it. */
export interface EndsSection {
  readonly heading: string;
  readonly lines: readonly string[];
}

/** How many workloads of an exemption are listed; the rest are counted. */
const maxNamed = 20;

/** The exemptions that end soon or have expired, and the outcome for their workloads without them. */
export function endsSections({ endingExemptions, expiredExemptions }: Preview, columns: number): EndsSection[] {
  return [
    {
      heading: `These exemptions end within ${soonDays} days. What would happen then:`,
      lines: endingExemptions.flatMap((end) => endLines(end, 'covers', columns)),
    },
    {
      heading: 'These exemptions have expired. What they no longer cover:',
      lines: expiredExemptions.flatMap((end) => endLines(end, 'covered', columns)),
    },
  ].filter(({ lines }) => lines.length > 0);
}

function endLines({ exemption, workloads }: ExemptionEnd, verb: string, columns: number): string[] {
  const { name, expires, owner } = exemption;
  const left = workloads.length - maxNamed;
  return [
    `  ${printable(name)} (${expires}, ${printable(owner)}) ${verb} ${counted(workloads.length, 'workload')}`,
    ...workloads.slice(0, maxNamed).flatMap((each) => hang(`    ${titleFor(each)}: `, effectsOf(each), columns)),
    ...(left > 0 ? [`    and ${left} more; -o json lists them all`] : []),
  ];
}

/** `denied by no-host-network; warned by pin-image-tag`. */
function effectsOf({ rules }: ExemptionEnd['workloads'][number]): string {
  return workloadOutcomes
    .flatMap((outcome) => {
      // most denied workloads are also blocked on restart
      const own = rules.filter((each) => each.outcomes.find((first) => first !== 'exempt') === outcome);
      return own.length === 0 ? [] : [`${outcome} by ${own.map(({ rule }) => rule.id).join(', ')}`];
    })
    .join('; ');
}
