/** Name → what is in the file. */
export type Corpus = Readonly<Record<string, string | Buffer>>;

/** A ConfigMap with this `data`. */
export const configMap = (data: string, name = 'a'): string =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\ndata:\n${data}`;
