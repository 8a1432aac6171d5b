import { type Kustomization, kustomizationIn } from './kustomization.ts';
import type { RenderedSource } from './read-rendered.ts';

/** The files and folders that decide what a source is rendered to: its own folder, and others that it is made of. */
export async function inputsOf(source: RenderedSource, values: readonly string[]): Promise<string[]> {
  if ('chart' in source) return [source.chart, ...values];
  const inputs = new Set<string>();
  await addInputs(source.kustomization, inputs);
  return [...inputs];
}

/** A base is made of further files itself. */
async function addInputs({ folder, parts }: Kustomization, inputs: Set<string>): Promise<void> {
  inputs.add(folder);
  for (const part of parts) {
    if (inputs.has(part)) continue;
    inputs.add(part);
    const base = await kustomizationIn(part);
    if (base !== undefined) await addInputs(base, inputs);
  }
}
