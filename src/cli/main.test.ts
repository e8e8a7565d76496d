import { describe, expect, it } from 'vitest';
import { main, tellUncaught } from './main.ts';
import { OutputClosed, OutputRefused, type Terminal } from './terminal.ts';

interface Heard {
  readonly terminal: Terminal;
  readonly out: string[];
  readonly err: string[];
}

function terminal(changed: Partial<Terminal> = {}): Heard {
  const out: string[] = [];
  const err: string[] = [];
  const made: Terminal = {
    out: async (text) => {
      out.push(text);
    },
    err: async (text) => {
      err.push(text);
    },
    isTty: false,
    columns: null,
    env: {},
    ...changed,
  };
  return { terminal: made, out, err };
}

describe('main', () => {
  it('resolves to 0 when the reader of the output has gone', async () => {
    const heard = terminal({ out: () => Promise.reject(new OutputClosed()) });
    expect(await main(['--help'], heard.terminal)).toBe(0);
    expect(heard.err).toEqual([]);
  });

  it('resolves to 1 and says why when the output cannot be written', async () => {
    const cause = Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
    const heard = terminal({ out: () => Promise.reject(new OutputRefused('refused', { cause })) });
    expect(await main(['--help'], heard.terminal)).toBe(1);
    expect(heard.err.join('')).toMatch(/^error: 'standard output' could not be written \(ENOSPC\)\n/);
  });

  it('resolves to the exit code also when nobody can be told', async () => {
    const refused = (): Promise<void> => Promise.reject(new OutputRefused('refused'));
    expect(await main(['inspct'], terminal({ out: refused, err: refused }).terminal)).toBe(2);
  });

  it('lets no argument steer the terminal', async () => {
    const heard = terminal();
    await main(['\u001b[2J\u0007'], heard.terminal);
    expect(heard.err.join('').replaceAll('\n', '')).not.toMatch(/\p{Cc}/u);
  });

  it('lets no argument steer the terminal by way of JSON', async () => {
    const heard = terminal();
    await main(['inspect', 'a\u009b2J', '--json'], heard.terminal);
    expect(JSON.parse(heard.err.join(''))).toMatchObject({ error: { context: { url: 'a\u009b2J' } } });
    expect(heard.err.join('').replaceAll('\n', '')).not.toMatch(/\p{Cc}/u);
  });

  it('answers help for a command that is not there as it answers the command', async () => {
    const asked = terminal();
    const called = terminal();
    expect(await main(['help', 'inspct'], asked.terminal)).toBe(2);
    await main(['inspct'], called.terminal);
    expect(asked.err).toEqual(called.err);
    expect(asked.err.join('')).toContain("error: unknown command 'inspct'");
  });

  it('tells what nobody has caught in the form that was asked for, without its stack', async () => {
    const heard = terminal();
    const argv = ['replay', 'sqlite:///run.db', '--json'];
    expect(await tellUncaught(new Error('too late'), argv, heard.terminal)).toBe(1);
    expect(JSON.parse(heard.err.join(''))).toMatchObject({ error: { code: 'unexpected' } });
    expect(heard.err.join('')).toContain('too late');
    expect(heard.err.join('')).not.toMatch(/\bat .+:\d+:\d+/);
  });

  it('shows a stack to those who ask for one', async () => {
    const heard = terminal({ env: { RUNLOG_DEBUG: '1' } });
    await main(['inspect', 'run.db'], heard.terminal);
    expect(heard.err.join('')).toMatch(/^\s+at .+store-url/m);
  });

  it('fits help to the width of the terminal', async () => {
    const heard = terminal({ isTty: true, columns: 60 });
    await main(['inspect', '--help'], heard.terminal);
    const options = heard.out.join('').split('\nExamples:')[0] ?? '';
    expect(Math.max(...options.split('\n').map(({ length }) => length))).toBeLessThanOrEqual(62);
  });
});
