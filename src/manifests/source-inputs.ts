import { type Kustomization, kustomizationIn } from './kustomization.ts';
import type { RenderedSource } from './read-rendered.ts';

/** The files and directories from which a source is rendered: its own directory, and others that it includes. */
export function inputsOf(source: RenderedSource, values: readonly string[]): string[] {
  if ('chart' in source) return [source.chart, ...values];
  const inputs = new Set<string>();
  addInputs(source.kustomization, inputs);
  return [...inputs];
}

/** A base is made of further files itself. */
function addInputs({ folder, parts }: Kustomization, inputs: Set<string>): void {
  inputs.add(folder);
  for (const part of parts) {
    if (inputs.has(part)) continue;
    inputs.add(part);
    const base = kustomizationIn(part);
    if (base !== undefined) addInputs(base, inputs);
  }
}
