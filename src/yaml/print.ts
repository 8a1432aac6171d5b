import { Document, isScalar, visit } from 'yaml';

const maxFlowLength = 90;

/** Plain data as a YAML document, in the order of its members. */
export function printYaml(value: unknown): string {
  return textOf(documentOf(value));
}

/** The same in a handwritten style: short lists of plain values are on one line. */
export function printCompactYaml(value: unknown): string {
  const document = documentOf(value);
  visit(document, {
    Seq(_key, list) {
      list.flow = list.items.every(isScalar) && list.items.join(', ').length < maxFlowLength;
    },
  });
  return textOf(document);
}

/** Kubernetes reads YAML 1.1, in which a plain `yes` is a boolean. */
const documentOf = (value: unknown): Document =>
  new Document(value, { aliasDuplicateObjects: false, compat: 'yaml-1.1' });

const textOf = (document: Document): string =>
  document.toString({ lineWidth: 0, indentSeq: false, flowCollectionPadding: false });
