import { printYaml } from '../../yaml/print.ts';
import { auditJson } from './json.ts';
import type { Presentation } from './presentation.ts';

/** The same report as in JSON, as YAML. */
export const auditYaml = (presentation: Pick<Presentation, 'report' | 'problems'>): string =>
  printYaml(JSON.parse(auditJson(presentation)));
