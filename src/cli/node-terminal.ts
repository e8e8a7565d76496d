/** Decides how the terminal of this process is used. */
import process from 'node:process';
import { OutputClosed, OutputRefused, type Terminal } from './terminal.ts';

export function nodeTerminal(): Terminal {
  const { stdin, stdout, stderr, env } = process;
  return {
    out: async (text) => write(stdout, text),
    err: async (text) => write(stderr, text).catch(passOverClosed),
    isTty: stdout.isTTY,
    // A terminal that does not know its width says 0.
    columns: stdout.isTTY && stdout.columns > 0 ? stdout.columns : null,
    env,
    hasKeyboard: stdin.isTTY,
  };
}

async function write(stream: NodeJS.WriteStream, text: string): Promise<void> {
  // The callback tells of the failure; without a listener the stream would end the process besides.
  stream.once('error', ignore);
  await new Promise<void>((resolve, reject) => {
    stream.write(text, (cause) => {
      if (cause === null || cause === undefined) resolve();
      else
        reject(
          'code' in cause && cause.code === 'EPIPE'
            ? new OutputClosed('nobody reads', { cause })
            : new OutputRefused('the output cannot be written', { cause }),
        );
    });
  });
  stream.removeListener('error', ignore);
}

/** What is told beside the output is no reason to stop: nobody reads it, and the work goes on. */
function passOverClosed(error: unknown): void {
  if (!(error instanceof OutputClosed)) throw error;
}

function ignore(): void {
  // Said by the callback of the write.
}
