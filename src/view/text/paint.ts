/** Decides which parts of a text stand out, and how. Painting comes last: a painted text is never cleaned or measured again. */

export type Style = 'strong' | 'dim' | 'name' | 'good' | 'warning' | 'bad';

/** Dresses a piece of clean text. */
export type Paint = (style: Style, text: string) => string;

/** Leaves texts as they are. */
export const plainPaint: Paint = (_style, text) => text;

const codes: Readonly<Record<Style, readonly [open: number, close: number]>> = {
  strong: [1, 22],
  dim: [2, 22],
  name: [36, 39],
  good: [32, 39],
  warning: [33, 39],
  bad: [31, 39],
};

/** Colours as terminals know them. */
export const colourPaint: Paint = (style, text) => {
  const [open, close] = codes[style];
  return `\u001b[${open}m${text}\u001b[${close}m`;
};
