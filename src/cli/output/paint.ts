import { styleText } from 'node:util';

export type Style = 'strong' | 'faint' | 'bad' | 'careful' | 'good';

/** Text in the style, or as it is. */
export type Paint = (style: Style, text: string) => string;

const formats = { strong: 'bold', faint: 'dim', bad: 'red', careful: 'yellow', good: 'green' } as const;

/** No colors at all. */
export const plain: Paint = (_style, text) => text;

/** Colors where standard output is a terminal that wants them (NO_COLOR, FORCE_COLOR). */
export const terminalPaint: Paint = (style, text) => styleText(formats[style], text, { stream: process.stdout });
