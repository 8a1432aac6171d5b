import type { ScannedSubject } from '../scanned-subject.ts';

/**
 * The subjects of several lists, matched across the lists. A list lacks a subject if its policy does not know the kind;
 * it then has no findings in it.
 */
export function matchSubjects(lists: readonly (readonly ScannedSubject[])[]): ScannedSubject[][] {
  const [first] = lists;
  if (first !== undefined && lists.length === 1) return first.map((subject) => [subject]);
  const byKey = lists.map((subjects) => new Map(subjects.map((subject) => [keyOf(subject), subject])));
  const all = new Map(lists.flat().map((subject) => [keyOf(subject), subject]));
  return [...all].map(([key, subject]) => byKey.map((known) => known.get(key) ?? withoutFindings(subject)));
}

const keyOf = ({ uid, object: { kind, name } }: ScannedSubject): string => `${uid} ${kind}/${name}`;

function withoutFindings(subject: ScannedSubject): ScannedSubject {
  const nothing = {
    verdict: 'allow',
    findings: [],
    typeProblems: [],
    stopsAtRestart: false,
    patch: [],
    pod: {},
  } as const;
  return { ...subject, ...nothing };
}
