import type { ReportedSubject } from '../../src/audit/audit-report.ts';
import type { Exemption } from '../../src/engine/exemption.ts';
import { isExempt, isLeft } from '../../src/engine/fate.ts';
import { matchesGlob } from '../../src/engine/glob.ts';
import type { Mode } from '../../src/engine/rule.ts';

/** The findings of a chart that its exemptions do not cover, and the exemptions without use, a line each. */
export interface Coverage {
  add(subject: ReportedSubject): void;
  /** Rules that workloads break and that nothing exempts, and the exemptions that cover the others. */
  uncovered(): string[];
  /** Of the exemptions that cover something: their rules and workloads that nothing needs. */
  unused(): string[];
}

/** Findings in weaker modes stop nothing, so an add-on needs no exemption from them. */
const modes: readonly Mode[] = ['enforce', 'warn'];

export function openCoverage(exemptions: readonly Exemption[]): Coverage {
  const left = new Map<string, Set<string>>();
  const used = new Map(
    exemptions.map(({ name }) => [name, { rules: new Set<string>(), workloads: new Set<string>() }]),
  );
  return {
    add({ object, findings }) {
      const workload = `${object.kind}/${object.name}`;
      for (const { rule, exemption, ...fate } of findings) {
        const use = exemption && used.get(exemption.name);
        if (use !== undefined && isExempt({ exemption, ...fate })) {
          use.rules.add(rule.id);
          use.workloads.add(workload);
        } else if (isLeft({ exemption, ...fate }) && modes.includes(fate.mode))
          addTo(left, `${fate.mode} ${workload}`, rule.id);
      }
    },
    uncovered: () =>
      modes.flatMap((mode) =>
        [...left]
          .filter(([place]) => place.startsWith(`${mode} `))
          .map(([place, rules]) => `${place}: ${[...rules].toSorted().join(', ')}`),
      ),
    unused: () => exemptions.flatMap((exemption) => unusedIn(exemption, used.get(exemption.name))),
  };
}

interface Use {
  readonly rules: ReadonlySet<string>;
  readonly workloads: ReadonlySet<string>;
}

function unusedIn({ name, rules, match }: Exemption, use: Use | undefined): string[] {
  if (use === undefined || use.rules.size === 0) return [];
  const workloads = (match.workloads ?? []).filter(
    (pattern) => ![...use.workloads].some((workload) => matchesGlob(pattern, workload)),
  );
  return Object.entries({ rules: rules.filter((rule) => !use.rules.has(rule)), workloads })
    .filter(([, names]) => names.length > 0)
    .map(([what, names]) => `exemption ${name}: nothing needs its ${what} ${names.join(', ')}`);
}

function addTo(sets: Map<string, Set<string>>, key: string, value: string): void {
  const set = sets.get(key) ?? new Set<string>();
  sets.set(key, set.add(value));
}
