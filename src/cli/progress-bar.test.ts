/** Proves that a progress bar never piles up lines, and is gone when the work has ended. */
import { expect, test } from 'vitest';
import { progressBar } from './progress-bar.ts';
import type { Terminal } from './terminal.ts';

function slowTerminal(): {
  readonly terminal: Terminal;
  readonly lines: string[];
  readonly take: () => void;
} {
  const lines: string[] = [];
  let taken: () => void = () => undefined;
  const err = async (text: string): Promise<void> => {
    lines.push(text);
    await new Promise<void>((resolve) => {
      taken = resolve;
    });
  };
  return {
    terminal: { out: err, err, isTty: true, columns: 80, env: {} },
    lines,
    take: () => taken(),
  };
}

test('a line is drawn when the terminal has taken the one before', async () => {
  const { terminal, lines, take } = slowTerminal();
  const bar = progressBar({ terminal });
  for (const title of ['a', 'b', 'c']) bar.show(title, 1, 10);
  expect(lines).toHaveLength(1);
  take();
  await Promise.resolve();
  await Promise.resolve();
  bar.show('d', 2, 10);
  expect(lines).toHaveLength(2);
});

test('the line is taken away though the terminal is slow', () => {
  const { terminal, lines } = slowTerminal();
  const bar = progressBar({ terminal });
  bar.show('a', 1, 10);
  bar.clear();
  expect(lines.at(-1)).toBe('\r\u001B[K');
});
