import { replaceBetweenMarks } from './between-marks.ts';
import type { ChartValue } from './chart-values.ts';
import { code, tableLines } from './markdown.ts';

/**
 * The chart's README with a new table of values.
 *
 * @throws Error when the marks that enclose the table are missing.
 */
export function chartReadme(current: string, values: readonly ChartValue[]): string {
  const rows = values.map(({ key, byDefault, description }) => [
    code(key.join('.')),
    defaultCell(byDefault),
    description,
  ]);
  return replaceBetweenMarks(current, 'values', tableLines(['Value', 'Default', 'Meaning'], rows).join('\n'));
}

function defaultCell(value: unknown): string {
  if (value === '') return '';
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > 60 ? 'see values.yaml' : code(text);
}
