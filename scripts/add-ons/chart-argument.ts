/** A chart on disk and how to install it. */
export interface ChartArgument {
  readonly namespace: string;
  readonly release: string;
  readonly directory: string;
  /** Values files. */
  readonly values: readonly string[];
}

/** The chart of an argument such as `metallb-system/metallb=charts/metallb,frr.yaml`; undefined if it has another form. */
export function chartArgument(text: string): ChartArgument | undefined {
  const [, namespace, release, directory, rest = ''] =
    /^([a-z0-9-]+)\/([a-z0-9-]+)=([^,]+)((?:,[^,]+)*)$/.exec(text) ?? [];
  if (namespace === undefined || release === undefined || directory === undefined) return undefined;
  return { namespace, release, directory, values: rest.split(',').slice(1) };
}
