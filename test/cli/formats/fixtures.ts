import { Readable } from 'node:stream';
import type { AuditOptions } from '../../../src/cli/audit-options.ts';
import type { AuditFormat } from '../../../src/cli/formats/presentation.ts';
import { plain } from '../../../src/cli/output/paint.ts';
import { runAudit } from '../../../src/cli/run-audit.ts';

const folder = 'test/cli/formats/manifests';

/** What `podwright audit` prints of files of this folder. */
export async function auditAs(
  format: AuditFormat,
  files: readonly string[] = ['shop.yaml'],
  options: Partial<AuditOptions> = {},
): Promise<string> {
  const paths = files.map((file) => `${folder}/${file}`);
  return (await runAudit(paths, optionsFor(format, options), () => Readable.from([]), plain)).output;
}

/** What it prints of standard input. */
export async function auditTextAs(
  format: AuditFormat,
  text: string,
  options: Partial<AuditOptions> = {},
): Promise<string> {
  return (await runAudit(['-'], optionsFor(format, options), () => Readable.from([text]), plain)).output;
}

const optionsFor = (format: AuditFormat, options: Partial<AuditOptions>): AuditOptions => ({
  failOn: 'enforce',
  policy: `${folder}/policy.yaml`,
  output: [{ format, file: undefined }],
  ...options,
});
