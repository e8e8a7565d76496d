/** Decides how long work is shown on a terminal: one line that is drawn anew, with rate and time left; nothing when piped. */
import { clean } from '../view/index.ts';
import type { CliContext } from './cli-context.ts';

export interface ProgressBar {
  /** `done` of `total` events of what `title` names. */
  show(title: string, done: number, total: number): void;
  /** Takes the line away. */
  clear(): void;
}

const redrawMs = 100;
const width = 20;

/** `things` is what the pace is told in. */
export function progressBar({ terminal }: Pick<CliContext, 'terminal'>, things = 'events'): ProgressBar {
  const { columns, isTty } = terminal;
  if (!isTty || columns === null) return { show: () => undefined, clear: () => undefined };
  let drawnAtMs = 0;
  let title = '';
  let beganMs = 0;
  let isWriting = false;
  const ended = (): void => {
    isWriting = false;
  };
  const draw = (text: string): void => {
    isWriting = true;
    // What nobody sees does no harm: the result is printed by itself.
    terminal.err(`\r\u001B[K${text}`).then(ended, ended);
  };
  return {
    show(named, done, total) {
      // Work that never waits would pile up lines that the terminal has had no time to take.
      if (isWriting) return;
      const nowMs = performance.now();
      if (named !== title) {
        title = named;
        beganMs = nowMs;
      } else if (nowMs - drawnAtMs < redrawMs) {
        return;
      }
      drawnAtMs = nowMs;
      draw(
        clean(barText({ title, done, total, things, seconds: (nowMs - beganMs) / 1000 })).slice(
          0,
          columns - 1,
        ),
      );
    },
    clear: () => {
      if (drawnAtMs > 0) draw('');
    },
  };
}

interface Shown {
  readonly title: string;
  readonly done: number;
  readonly total: number;
  readonly seconds: number;
  readonly things: string;
}

function barText({ title, done, total, seconds, things }: Shown): string {
  const share = total === 0 ? 1 : Math.min(1, done / total);
  const filled = Math.round(share * width);
  const bar = `${'#'.repeat(filled)}${'.'.repeat(width - filled)}`;
  const rate = seconds > 0.2 ? done / seconds : 0;
  const pace =
    rate > 0
      ? `  ${Math.round(rate).toLocaleString('en-US')} ${things}/s, ${Math.ceil((total - done) / rate)} s left`
      : '';
  return `[${bar}] ${Math.floor(share * 100)}% ${title}${pace}`;
}
