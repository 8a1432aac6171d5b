import type { AuditedSubject, AuditFinding } from '../audit/audit-report.ts';
import { isExempt } from '../engine/fate.ts';
import { sameJson } from '../patch/edits.ts';
import { toJsonPatch } from '../patch/json-patch.ts';
import type { Pointer } from '../patch/pointer.ts';
import { editYaml } from '../yaml/edit/edit.ts';
import type { Splice } from '../yaml/edit/splice.ts';
import { readYaml } from '../yaml/read.ts';
import { hasTemplateComment, holdsTemplate } from './template.ts';

/** Each repair reads the document again to verify its result; with more characters than this, that takes too long. */
const maxWork = 20_000_000;

/**
 * How each finding with a fix could be repaired individually in its text, whether the fix is enabled or not. There is
 * no repair for findings in templates, in text that differs from the evaluated object, or under an exemption.
 */
export function findingRepairs(
  text: string,
  subjects: readonly AuditedSubject[],
): ReadonlyMap<AuditFinding, readonly Splice[]> {
  const repairs = new Map<AuditFinding, readonly Splice[]>();
  const count = subjects.reduce((sum, { findings }) => sum + findings.length, 0);
  if (count * text.length > maxWork || hasTemplateComment(text)) return repairs;
  const inText = Map.groupBy(readYaml(text).documents, ({ start }) => start.line);
  for (const subject of subjects) {
    const { manifest, object, findings, typeProblems } = subject;
    const document = manifest?.document;
    const isThere = inText.get(document?.start.line ?? 0)?.some(({ value }) => sameJson(value, document?.value));
    if (isThere !== true || typeProblems.length > 0 || holdsTemplate(object.content)) continue;
    for (const finding of findings) {
      const splices = isExempt(finding) ? undefined : splicesOf(finding, subject, text);
      if (splices !== undefined) repairs.set(finding, splices);
    }
  }
  return repairs;
}

function splicesOf(
  { fix }: AuditFinding,
  { manifest, pod, podPath, parts }: AuditedSubject,
  text: string,
): readonly Splice[] | undefined {
  if (fix === undefined || manifest === undefined || parts !== undefined) return undefined;
  const above = `${manifest.path}${podPath}`;
  const operations = toJsonPatch(pod, fix()).map((each) => ({ ...each, path: `${above}${each.path}` as Pointer }));
  const change = { start: manifest.document.start, operations };
  const { splices, rejected } = editYaml(text, [change]);
  return rejected.has(change) || splices.length === 0 ? undefined : splices;
}
