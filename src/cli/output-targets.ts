import path from 'node:path';
import { InvalidArgumentError, Option } from 'commander';
import { type AuditFormat, auditFormats } from './formats/presentation.ts';

/** A format and its file; without one, standard output. */
export interface OutputTarget {
  readonly format: AuditFormat;
  readonly file: string | undefined;
}

/** The default without `-o`. */
export const textToTerminal: readonly OutputTarget[] = [{ format: 'text', file: undefined }];

/** `-o text -o sarif=podwright.sarif`: any number of formats at once, at most one of them to standard output. */
export function outputTargetsOption(): Option {
  const option = new Option(
    '-o, --output <format[=file]>',
    'format and, optionally, a file for it; repeatable (default: text)',
  ).argParser(targetsWith);
  // for help and completion; `choices` would reject a file
  option.argChoices = [...auditFormats];
  return option;
}

function targetsWith(argument: string, earlier: readonly OutputTarget[] | undefined): readonly OutputTarget[] {
  const end = argument.includes('=') ? argument.indexOf('=') : argument.length;
  const format = auditFormats.find((name) => name === argument.slice(0, end));
  if (format === undefined) throw new InvalidArgumentError(`Allowed choices are ${auditFormats.join(', ')}.`);
  const given = argument.slice(end + 1);
  const file = given === '' || given === '-' ? undefined : given;
  if (given === '' && end < argument.length) throw new InvalidArgumentError(`Specify a file after ${format}=.`);
  const targets = [...(earlier ?? []), { format, file }];
  const toTerminal = targets.filter((target) => target.file === undefined);
  if (toTerminal.length > 1)
    throw new InvalidArgumentError(`Standard output takes one format; write the other to a file: ${format}=FILE.`);
  const files = targets.flatMap((target) => (target.file === undefined ? [] : [path.resolve(target.file)]));
  if (new Set(files).size < files.length) throw new InvalidArgumentError(`Two formats cannot share the file ${file}.`);
  return targets;
}
