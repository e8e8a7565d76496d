// What a person at a terminal sees: colour where it is wanted, and lists that fit the window.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { load, openStore } from '../../../src/app/index.ts';
import { main } from '../../../src/cli/main.ts';
import { makeHostileRun, makeReadmeRun } from './stored-runs.ts';
import { Workplace } from './workplace.ts';

const place = new Workplace();
const url = `sqlite:///${place.path('runs.db')}`;

beforeAll(async () => {
  await makeReadmeRun(place.path('runs.db'));
  await makeHostileRun(place.path('runs.db'));
});
afterAll(() => place.remove());

async function shown(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<string> {
  let text = '';
  const out = async (piece: string): Promise<void> => {
    text += piece;
  };
  await main(args, { out, err: async () => undefined, isTty: true, columns: 80, env });
  return text;
}

const escape = '\u001b[';
/** Those that the product uses. */
const colour = new RegExp(`${escape.replace('[', '\\[')}(?:1|2|22|3[1236]|39)m`, 'g');

describe('a terminal', () => {
  test('gets colours', async () => {
    expect(await shown(['inspect', url])).toContain(`${escape}33mstopped${escape}39m`);
  });

  test.each([{ NO_COLOR: '1' }, { TERM: 'dumb' }])('gets none when it asks for none: %o', async (env) => {
    expect(await shown(['inspect', url], env)).not.toContain(escape);
  });

  test('gets colours when NO_COLOR is empty', async () => {
    expect(await shown(['inspect', url], { NO_COLOR: '' })).toContain(escape);
  });

  test.each([['runs'], ['inspect'], ['export-trace'], ['approvals']])(
    'gets from %s colours of ours alone',
    async (name) => {
      const text = await shown([name, url]);
      const ours = text.replaceAll(colour, '');
      expect(ours.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    },
  );

  test('gets no colour from the name of a run or of a file', async () => {
    const runId = 'run\u001b[31m';
    const own = `sqlite:///${place.path('coloured.db')}`;
    // As it is moved in from elsewhere: nobody may choose such an id here.
    const store = await openStore(own);
    await store.create({ id: runId, kind: 'run', label: null, createdAt: '2026-01-01T00:00:00.000000Z' });
    await store.close();
    await (await load(own, { runId, behaviors: [] })).close();
    const file = place.path('trace\u001b[31m.txt');
    let text = '';
    const take = async (piece: string): Promise<void> => {
      text += piece;
    };
    for (const args of [
      ['approvals', own],
      ['export-trace', own, '-o', file],
    ])
      await main(args, { out: take, err: take, isTty: false, columns: null, env: {} });
    expect(text).toContain('run\\x1b[31m');
    expect(text).toContain('trace\\x1b[31m.txt');
    expect(text).not.toContain('\u001b');
  });

  test('gets a list of runs that fits it', async () => {
    const lines = (await shown(['runs', url], { NO_COLOR: '1' })).trimEnd().split('\n');
    expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(80);
  });
});
