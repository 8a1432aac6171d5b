import type { AuditedSubject } from '../audit/audit-report.ts';
import type { Manifest } from '../manifests/read-manifests.ts';
import { applyPatch } from '../patch/apply-patch.ts';
import { sameJson } from '../patch/edits.ts';
import type { PatchOperation } from '../patch/json-patch.ts';
import type { Pointer } from '../patch/pointer.ts';
import type { YamlDocument } from '../yaml/document.ts';
import { type Change, editYaml } from '../yaml/edit/edit.ts';
import { type Splice, spliced } from '../yaml/edit/splice.ts';
import { readYaml } from '../yaml/read.ts';
import { hasTemplateComment, holdsTemplate } from './template.ts';

/** A text of manifests with the patches of its subjects applied. */
export interface RepairedText {
  readonly text: string;
  /** The changes from the old text to this one. */
  readonly splices: readonly Splice[];
  /** The documents of the old text. */
  readonly documents: readonly YamlDocument[];
  readonly repaired: readonly AuditedSubject[];
  /** Subjects that were not repaired, each with the reason. */
  readonly rejected: ReadonlyMap<AuditedSubject, string>;
}

interface Repair extends Change {
  readonly subject: AuditedSubject;
  readonly document: YamlDocument;
}

/**
 * Writes the repairs of subjects into the text that they were read from. Each subject is repaired completely or not at
 * all. The result is read again to verify that it contains each patched object, and all others unchanged.
 */
export function repairText(text: string, subjects: readonly AuditedSubject[]): RepairedText {
  const rejected = new Map<AuditedSubject, string>();
  const { documents } = readYaml(text);
  const foundAgain = finderIn(documents);
  const isTemplate = hasTemplateComment(text);
  const repairs = withoutRepeats(
    subjects.flatMap((subject): Repair[] => {
      const { manifest, object } = subject;
      if (manifest === undefined || subject.patch.length === 0) return [];
      const document = foundAgain(manifest.document);
      if (isTemplate || holdsTemplate(object.content)) rejected.set(subject, templateReason);
      else if (document === undefined) rejected.set(subject, notThereReason);
      else return [{ subject, document, start: document.start, operations: operationsOn(subject, manifest) }];
      return [];
    }),
  );
  const edited = editYaml(text, repairs);
  for (const [{ subject }, reason] of edited.rejected) rejected.set(subject, reason);
  const written = repairs.filter((repair) => !edited.rejected.has(repair));
  const made = spliced(text, edited.splices);
  if (holdsExactly(made, documents, written))
    return {
      text: made,
      splices: edited.splices,
      documents,
      repaired: written.map(({ subject }) => subject),
      rejected,
    };
  for (const { subject } of written) rejected.set(subject, 'the repaired text would be read differently');
  return { text, splices: [], documents, repaired: [], rejected };
}

/** Finds documents that were read before; undefined if a document is missing or has changed. */
function finderIn(documents: readonly YamlDocument[]): (audited: YamlDocument) => YamlDocument | undefined {
  const byLine = Map.groupBy(documents, ({ start }) => start.line);
  // a list contains many subjects, but is compared only once
  const known = new Map<YamlDocument, YamlDocument | undefined>();
  return (audited) => {
    if (!known.has(audited))
      known.set(
        audited,
        byLine.get(audited.start.line)?.find(({ value }) => sameJson(value, audited.value)),
      );
    return known.get(audited);
  };
}

const notThereReason = 'the file does not contain the evaluated object: it was rendered, or has changed since';

const templateReason = 'it is a template ({{ }}); render it first: helm template … | podwright fix -';

/** Removes duplicates: overlays that leave an object unchanged request the same repair of the base. */
function withoutRepeats(repairs: readonly Repair[]): Repair[] {
  const known = new Map<YamlDocument, Set<string>>();
  return repairs.filter(({ document, operations }) => {
    const asked = known.get(document) ?? new Set();
    known.set(document, asked);
    const size = asked.size;
    return asked.add(JSON.stringify(operations)).size > size;
  });
}

/** The operations on the document that a subject was read from. */
function operationsOn({ podPath, patch }: AuditedSubject, { path }: Manifest): PatchOperation[] {
  return patch.map((operation) => ({ ...operation, path: `${path}${podPath}${operation.path}` as Pointer }));
}

/** Whether a text contains the repaired documents, and the other documents unchanged. */
function holdsExactly(made: string, documents: readonly YamlDocument[], repairs: readonly Repair[]): boolean {
  const byDocument = Map.groupBy(repairs, ({ document }) => document);
  const wanted = documents.map((document) => {
    const operations = (byDocument.get(document) ?? []).flatMap((repair) => repair.operations);
    return applyPatch(document.value, operations);
  });
  return sameJson(
    readYaml(made).documents.map(({ value }) => value),
    wanted,
  );
}
