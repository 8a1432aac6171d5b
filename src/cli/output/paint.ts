import { styleText } from 'node:util';

export type Style = 'strong' | 'faint' | 'bad' | 'careful' | 'good';

/** How text is shown: in a style or as it is, and in how many columns. */
export interface Paint {
  (style: Style, text: string): string;
  readonly columns: number;
}

const formats = { strong: 'bold', faint: 'dim', bad: 'red', careful: 'yellow', good: 'green' } as const;

/** The columns of what is no terminal. */
const defaultColumns = 100;

/** No colors at all. */
export const plain: Paint = Object.assign((_style: Style, text: string) => text, { columns: defaultColumns });

/**
 * As wide as the terminal, if standard output is one, with colors where it wants them (NO_COLOR, FORCE_COLOR) and they are
 * not refused.
 */
export function terminalPaint(isColored: boolean): Paint {
  const paint = (style: Style, text: string): string =>
    isColored ? styleText(formats[style], text, { stream: process.stdout }) : text;
  return Object.assign(paint, { columns: columnsOf(process.stdout) });
}

/** Lines of more than 120 columns are hard to read, and with fewer than 50 nothing fits beside a place. */
export const columnsOf = ({ columns = defaultColumns }: { readonly columns?: number }): number =>
  Math.min(120, Math.max(50, columns));
