/** A panel of the Grafana dashboard: what it shows, and how wide it is in 24ths of the page. */
export interface Panel {
  readonly title: string;
  readonly description: string;
  readonly type: 'timeseries' | 'stat' | 'bargauge';
  readonly width: number;
  readonly unit: string;
  /** PromQL and the legend of its series. */
  readonly queries: readonly (readonly [expression: string, legend: string])[];
  /** Instead of the number. */
  readonly words?: Readonly<Record<string, string>>;
}

const datasource = { type: 'prometheus', uid: '${datasource}' };
const pageWidth = 24;
/** `All` matches series without the label too. */
const namespaceVariable = {
  name: 'namespace',
  label: 'Namespace',
  type: 'query',
  datasource,
  query: 'label_values(podwright_admission_requests_total, namespace)',
  definition: 'label_values(podwright_admission_requests_total, namespace)',
  refresh: 2,
  sort: 1,
  multi: true,
  includeAll: true,
  allValue: '.*',
  current: { text: 'All', value: '$__all' },
};
const heights = { stat: 4, timeseries: 8, bargauge: 8 };

/** A dashboard that Grafana imports; the panels are laid out in rows, in their order. */
export function dashboardFile(panels: readonly Panel[]): string {
  const dashboard = {
    uid: 'podwright',
    title: 'Podwright',
    tags: ['kubernetes', 'podwright'],
    schemaVersion: 39,
    editable: true,
    refresh: '1m',
    time: { from: 'now-6h', to: 'now' },
    templating: {
      list: [{ name: 'datasource', label: 'Data source', type: 'datasource', query: 'prometheus' }, namespaceVariable],
    },
    panels: laidOut(panels),
  };
  return `${JSON.stringify(dashboard, null, 2)}\n`;
}

function laidOut(panels: readonly Panel[]): object[] {
  let x = 0;
  let y = 0;
  let rowHeight = 0;
  return panels.map((panel, index) => {
    const { type, width } = panel;
    if (x + width > pageWidth) {
      x = 0;
      y += rowHeight;
    }
    rowHeight = heights[type];
    const gridPos = { x, y, w: width, h: rowHeight };
    x += width;
    return { id: index + 1, gridPos, ...panelModel(panel) };
  });
}

function panelModel({ title, description, type, unit, queries, words }: Panel): object {
  const isInstant = type !== 'timeseries';
  const mappings = words && [
    {
      type: 'value',
      options: Object.fromEntries(Object.entries(words).map(([value, text]) => [value, { text }])),
    },
  ];
  return {
    type,
    title,
    description,
    datasource,
    fieldConfig: { defaults: { unit, min: type === 'stat' ? undefined : 0, mappings }, overrides: [] },
    ...(isInstant && { options: { reduceOptions: { calcs: ['lastNotNull'] } } }),
    targets: queries.map(([expr, legendFormat], index) => ({
      refId: String.fromCharCode('A'.charCodeAt(0) + index),
      datasource,
      expr,
      legendFormat,
      instant: isInstant,
      range: !isInstant,
    })),
  };
}
