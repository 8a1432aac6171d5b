import path from 'node:path';
import { Readable } from 'node:stream';
import type { AuditedSubject } from '../audit/audit-report.ts';
import type { Policy } from '../engine/policy.ts';
import { hasEditsOf, haveSameEdits } from '../fix/same-edits.ts';
import { type KustomizedFiles, kustomizedFiles } from '../manifests/kustomized-files.ts';
import type { ReadOptions } from '../manifests/read-sources.ts';
import { problemLine } from './audit-messages.ts';
import { evaluateManifests } from './evaluate-manifests.ts';
import { subjectTitle } from './formats/subject-title.ts';
import type { PolicyOptions } from './policy-options.ts';

/** The subjects that may be repaired as they are written, considering the objects that Kustomize renders from them. */
interface KustomizedRepairs {
  /** Without the subjects that need no repair after rendering. */
  readonly subjects: readonly AuditedSubject[];
  /** Subjects whose repair would differ after rendering, with the reasons. */
  readonly heldBack: ReadonlyMap<AuditedSubject, string>;
  /** Kustomizations that were not rendered, and rendered objects that are in none of the files, a line each. */
  readonly problems: readonly string[];
}

interface Rendered {
  readonly subjects: readonly AuditedSubject[];
  readonly problems: readonly string[];
}

/**
 * Compares subjects as they are written with the objects that Kustomize renders from them. Edits that the rendered object
 * would not get may break it, because the text does not show the values in patches.
 */
export async function kustomizedRepairs(
  paths: readonly string[],
  subjects: readonly AuditedSubject[],
  options: PolicyOptions & ReadOptions,
  policyFrom: (chosen: Policy) => Policy,
): Promise<KustomizedRepairs> {
  const files = await kustomizedFiles(paths, options);
  if (files.kustomizations.size === 0) return { subjects, heldBack: new Map(), problems: [] };
  const rendered = await evaluateRendered(files, options, policyFrom);
  const byPlace = Map.groupBy(rendered.subjects, placeOf);
  const heldBack = new Map<AuditedSubject, string>();
  const kept = subjects.filter((subject) => {
    const renderers = [...files.kustomizations].filter(([, own]) => own.has(path.resolve(fileOf(subject))));
    const made = byPlace.get(placeOf(subject)) ?? [];
    const reason = renderers.map(([file]) => differenceIn(file, subject, made)).find((text) => text !== undefined);
    if (reason !== undefined) heldBack.set(subject, reason);
    return renderers.length === 0 || reason !== undefined || !made.every((each) => hasEditsOf(each, subject));
  });
  const places = new Set(subjects.map(placeOf));
  const elsewhere = rendered.subjects
    .filter((subject) => subject.patch.length > 0 && !places.has(placeOf(subject)))
    .map((subject) => `${subjectTitle(subject)}: left alone: ${elsewhereReason(rendererOf(subject))}`);
  return { subjects: kept, heldBack, problems: [...rendered.problems, ...new Set(elsewhere)] };
}

/** Files that no kustomization renders are read too, because objects in them may count for the rendered ones. */
async function evaluateRendered(
  { kustomizations, others }: KustomizedFiles,
  options: PolicyOptions & ReadOptions,
  policyFrom: (chosen: Policy) => Policy,
): Promise<Rendered> {
  const subjects: AuditedSubject[] = [];
  const evaluated = await evaluateManifests(
    [...kustomizations.keys(), ...others],
    options,
    () => Readable.from([]),
    (subject) => void subjects.push(subject),
    { policyFrom, isWanted: async (source) => 'kustomization' in source },
  );
  if ('rejections' in evaluated) return { subjects, problems: evaluated.rejections };
  return { subjects, problems: [...evaluated.unread.map(problemLine), ...evaluated.skippedLines] };
}

/** Why a subject cannot be repaired in its file for a kustomization, if so. */
function differenceIn(file: string, subject: AuditedSubject, made: readonly AuditedSubject[]): string | undefined {
  const own = made.filter((each) => rendererOf(each) === file);
  if (own.length === 0 && subject.patch.length > 0) return `${file} does not render it`;
  const isAsWritten = own.every((each) => haveSameEdits(subject, each) || hasEditsOf(each, subject));
  return isAsWritten ? undefined : `${file} changes it so that it needs other fixes; write them by hand`;
}

const elsewhereReason = (file: string): string => `${file} renders it from a file that is not among those to repair`;

const rendererOf = ({ manifest }: AuditedSubject): string => manifest?.renderedBy ?? '';

const fileOf = ({ manifest }: AuditedSubject): string => manifest?.file ?? '';

/** The place of a subject in a file; a rendered one has that of the object that it was made of. */
const placeOf = (subject: AuditedSubject): string =>
  `${path.resolve(fileOf(subject))}:${subject.position?.line}:${subject.position?.column}${subject.podPath}`;
