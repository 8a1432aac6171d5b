import type { ManifestSource } from './manifest-files.ts';
import type { Manifests } from './read-manifests.ts';
import type { ChartOptions } from './render.ts';
import type { Render } from './render-outcome.ts';
import { placedInTemplates, renderedChart } from './rendered-chart.ts';
import { placedInSources, renderedKustomization } from './rendered-kustomization.ts';

/** A folder that a program renders. */
export type RenderedSource = Exclude<ManifestSource, { file: string }>;

/** Renders a kustomization or a chart, the latter with these options. */
export function renderSource(source: RenderedSource, options: ChartOptions): Promise<Render> {
  return 'chart' in source ? renderedChart(source, options) : renderedKustomization(source.kustomization);
}

/** The rendered objects, each with its place in the file that it was made of. */
export function readRendered(source: RenderedSource, text: string): Promise<Manifests> {
  return 'chart' in source ? placedInTemplates(source.chart, text) : placedInSources(source.kustomization, text);
}
