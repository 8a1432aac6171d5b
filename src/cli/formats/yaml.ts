import { printYaml } from '../../yaml/print.ts';
import { auditJson } from './json.ts';
import type { ShownReport } from './presentation.ts';

/** The same report as in JSON, as YAML. */
export const auditYaml = (report: ShownReport): string => printYaml(JSON.parse(auditJson(report)));
