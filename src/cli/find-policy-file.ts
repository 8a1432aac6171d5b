import { existsSync } from 'node:fs';
import path from 'node:path';
import { readPolicyText } from '../policy/policy-text.ts';
import type { PolicyOptions } from './policy-options.ts';

const names = ['podwright.yaml', '.podwright.yaml'];

/** The result of the search for a policy file. */
export interface FoundPolicyFile {
  /** Absent for the built-in policy. */
  readonly file?: string | undefined;
  /** Files of the name of a policy that are something else. */
  readonly passedOver: readonly string[];
}

/** The policy file that the command line specifies, or the nearest one in the working directory or above, if any. */
export async function policyFileOf(
  { policy, config }: Pick<PolicyOptions, 'policy' | 'config'>,
  folder = process.cwd(),
): Promise<FoundPolicyFile> {
  return policy !== undefined || config === false ? { file: policy, passedOver: [] } : nearestPolicy(folder);
}

async function nearestPolicy(folder: string, passedOver: readonly string[] = []): Promise<FoundPolicyFile> {
  const others = [...passedOver];
  for (const name of names) {
    const file = path.join(folder, name);
    const content = await readPolicyText(file);
    const isUnreadable = !('text' in content) && existsSync(file);
    if (isUnreadable || ('text' in content && isPolicy(content.text)))
      return { file: path.relative('', file), passedOver: others };
    if ('text' in content) others.push(path.relative('', file));
  }
  const parent = path.dirname(folder);
  return parent === folder ? { passedOver: others } : nearestPolicy(parent, others);
}

/**
 * Manifests and values of the chart may have this name too. What has no content, or the keys of a policy but no
 * apiVersion, is a broken policy: another one must not replace it.
 */
function isPolicy(text: string): boolean {
  const keys = /^\s*\{/.test(text)
    ? text.matchAll(/"(\w+)"\s*:\s*("[^"]*|)/g)
    : text.matchAll(/^\uFEFF?["']?(\w+)["']?\s*:[ \t]*["']?([^\s"']*)/gm);
  const values = new Map(Array.from(keys, ([, key = '', value = '']) => [key, value.replace('"', '')] as const));
  const apiVersion = values.get('apiVersion');
  if (apiVersion !== undefined) return apiVersion.startsWith('podwright.dev/');
  return values.size === 0 || values.get('kind') === 'Policy' || ownKeys.some((key) => values.has(key));
}

/** Keys that policies have, and values of the chart do not. */
const ownKeys = ['extends', 'rules', 'exemptions', 'namespaces'];
