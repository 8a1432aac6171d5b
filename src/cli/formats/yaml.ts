import type { ShownReport } from '../../audit/audit-report.ts';
import { printYaml } from '../../yaml/print.ts';
import { auditJson } from './json.ts';

/** The same report as in JSON, as YAML. */
export const auditYaml = (report: ShownReport): string => printYaml(JSON.parse(auditJson(report)));
