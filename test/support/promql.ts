import { parser } from '@prometheus-io/lezer-promql';

const strict = parser.configure({ strict: true });

/** What a PromQL expression asks for: the metrics, and all labels that it names. */
export interface Asked {
  readonly metrics: readonly string[];
  readonly labels: readonly string[];
}

/** Parses by Prometheus's own grammar. Throws a SyntaxError. Variables of Grafana count as five minutes. */
export function askedBy(expression: string): Asked {
  const text = expression.replaceAll(/\$__(rate_interval|range)/g, '5m');
  const metrics: string[] = [];
  const labels: string[] = [];
  strict.parse(text).iterate({
    enter({ name, from, to, node }) {
      if (name === 'Identifier' && node.parent?.name === 'VectorSelector') metrics.push(text.slice(from, to));
      if (name === 'LabelName') labels.push(text.slice(from, to));
    },
  });
  return { metrics, labels };
}
