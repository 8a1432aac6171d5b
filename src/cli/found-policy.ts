import path from 'node:path';
import { readPolicyText } from '../policy/policy-text.ts';
import type { PolicyOptions } from './policy-options.ts';

const names = ['podwright.yaml', '.podwright.yaml'];

/** The policy file that the command line names, or the nearest one in the working directory and above; if there is any. */
export async function policyFileOf(
  { policy, config }: Pick<PolicyOptions, 'policy' | 'config'>,
  folder = process.cwd(),
): Promise<string | undefined> {
  return policy !== undefined || config === false ? policy : nearestPolicy(folder);
}

async function nearestPolicy(folder: string): Promise<string | undefined> {
  for (const name of names) {
    const file = path.join(folder, name);
    const content = await readPolicyText(file);
    // manifests and values of the chart have this name as well
    if ('text' in content && /^["']?apiVersion["']?\s*:\s*["']?podwright\.dev\//m.test(content.text))
      return path.relative('', file);
  }
  const parent = path.dirname(folder);
  return parent === folder ? undefined : nearestPolicy(parent);
}
