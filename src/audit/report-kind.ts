/** A kind of reports about the results of policies. */
export interface ReportKind {
  readonly apiVersion: string;
  readonly kind: string;
  /** Its plural, as in URLs. */
  readonly resource: string;
  /** Whether a report has `source` and `configuration`; otherwise every result has the source. */
  readonly isConfigurable: boolean;
}

/**
 * The kinds that can be written: Reports of https://github.com/openreports/reports-api, and their predecessors of
 * https://github.com/kubernetes-sigs/wg-policy-prototypes for tools that read nothing newer.
 */
export const reportKinds = {
  openreports: {
    apiVersion: 'openreports.io/v1alpha1',
    kind: 'Report',
    resource: 'reports',
    isConfigurable: true,
  },
  wgpolicyk8s: {
    apiVersion: 'wgpolicyk8s.io/v1alpha2',
    kind: 'PolicyReport',
    resource: 'policyreports',
    isConfigurable: false,
  },
} as const satisfies Readonly<Record<string, ReportKind>>;

export type ReportKindName = keyof typeof reportKinds;
