import { styleText } from 'node:util';

/** The meaning of a piece of text, which a terminal shows by color or weight. */
export type Style = 'strong' | 'faint' | 'bad' | 'careful' | 'good';

/** The style and width of text. */
export interface Paint {
  (style: Style, text: string): string;
  readonly columns: number;
}

const formats = { strong: 'bold', faint: 'dim', bad: 'red', careful: 'yellow', good: 'green' } as const;

/** The width if the output is not a terminal. */
const defaultColumns = 100;

/** No colors. */
export const plain: Paint = Object.assign((_style: Style, text: string) => text, { columns: defaultColumns });

/**
 * As wide as the terminal, if standard output is one, with colors if the terminal supports them (NO_COLOR, FORCE_COLOR)
 * and they are not turned off.
 */
export function terminalPaint(isColored: boolean): Paint {
  const paint = (style: Style, text: string): string =>
    isColored ? styleText(formats[style], text, { stream: process.stdout }) : text;
  return Object.assign(paint, { columns: columnsOf(process.stdout) });
}

/** More than 120 columns are hard to read, and fewer than 50 leave no space beside a place. */
export const columnsOf = ({ columns = defaultColumns }: { readonly columns?: number }): number =>
  Math.min(120, Math.max(50, columns));
