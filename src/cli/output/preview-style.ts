import type { Policy } from '../../engine/policy.ts';
import type { Mode } from '../../engine/rule.ts';
import type { PageView } from '../../page/page-report.ts';
import type { MeasuredContainers } from '../measured-usage.ts';

/** How a preview is written, and for which mode. */
export interface PreviewStyle {
  /** Show the changes of fixes as unified diffs. */
  readonly diff: boolean;
  /** The preview's value for every `mode` ceiling; undefined if the policy is previewed as written. */
  readonly ceiling: Mode | undefined;
  /** The policy without that ceiling. */
  readonly written: Pick<Policy, 'mode' | 'namespaces'>;
  /** The origin of the policy, for readers who do not see the messages. */
  readonly policy: string;
  /** The name of the cluster in the kubeconfig. */
  readonly cluster: string;
  readonly at: Date;
  /** Resources that could not be read and are missing, one line each. */
  readonly missing: readonly string[];
  /** For HTML: the pages of the dashboard. */
  readonly views?: readonly PageView[] | undefined;
  /** The known usage of containers, if it was requested. */
  readonly usage?: MeasuredContainers | undefined;
}

/** The heading above exemptions that everyone who creates Pods can use. */
export const openHeading = 'Exemptions that match on images or containers alone';
/** The answer for a cluster, or a namespace, without workloads. */
export const nothingRunsText = 'no Pods and no objects that create Pods were found';
