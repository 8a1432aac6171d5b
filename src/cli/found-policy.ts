import path from 'node:path';
import { readPolicyText } from '../policy/policy-text.ts';
import type { PolicyOptions } from './policy-options.ts';

const names = ['podwright.yaml', '.podwright.yaml'];

/** The policy file that the command line specifies, or the nearest one in the working directory or above, if any. */
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
    // manifests and values of the chart may have this name too
    if ('text' in content && /^["']?apiVersion["']?\s*:\s*["']?podwright\.dev\//m.test(content.text))
      return path.relative('', file);
  }
  const parent = path.dirname(folder);
  return parent === folder ? undefined : nearestPolicy(parent);
}
