/** Decides how the terminal of this process is used. */
import process from 'node:process';
import { OutputClosed, type Terminal } from './terminal.ts';

export function nodeTerminal(): Terminal {
  const { stdout, stderr, env } = process;
  return {
    out: async (text) => write(stdout, text),
    err: async (text) => write(stderr, text),
    isTty: stdout.isTTY,
    columns: stdout.isTTY ? stdout.columns : null,
    env,
  };
}

async function write(stream: NodeJS.WriteStream, text: string): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    stream.write(text, (error) => {
      if (error === null || error === undefined) resolve();
      else
        reject(
          'code' in error && error.code === 'EPIPE'
            ? new OutputClosed('nobody reads the output', { cause: error })
            : error,
        );
    });
  });
}
