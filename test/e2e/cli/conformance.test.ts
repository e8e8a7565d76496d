// `runlog conformance` as a process: a right store, a wrong one, one that hangs, and what is no store at all.
import { writeFileSync } from 'node:fs';
import { describe, expect, it, test } from 'vitest';
import { type Workplace, workplace } from './workplace.ts';

const log = JSON.stringify(new URL('../../../dist/log.js', import.meta.url).href);
const root = JSON.stringify(new URL('../../../dist/index.js', import.meta.url).href);

/** A maker of memory stores; `twist` is the code of what is wrong with each handle. */
function makerModule(twist = ''): string {
  return `import { MemoryDatabase, openMemoryStore } from ${log};
import { sha256 } from ${root};
export default () => ({
  name: 'mine',
  async make() {
    let database = new MemoryDatabase();
    let now = 0;
    const open = async () => {
      const store = openMemoryStore({ sha256, nowMs: () => now, database, leaseMs: 1000 });
      ${twist}
      return store;
    };
    return {
      leaseMs: 1000,
      open,
      otherHandle: open,
      reopen: async () => ((database = new MemoryDatabase()), open()),
      passTime: async (ms) => void (now += ms),
      destroy: async () => undefined,
    };
  },
});
`;
}

function placeWith(module: string): Workplace {
  const place = workplace();
  writeFileSync(place.path('mine.js'), module);
  writeFileSync(place.path('package.json'), '{ "type": "module" }');
  return place;
}

test('a store that keeps every promise passes, with a table of both kinds of cases', async () => {
  const { code, stdout, stderr } = await placeWith(makerModule()).runlog(['conformance', './mine.js']);
  expect([code, stderr]).toEqual([0, '']);
  expect(stdout).toContain('mine: durability memory, not shared, whole commits; seed 1');
  expect(stdout).toMatch(/^reopen +0 +8 +8 +0$/m);
  expect(stdout).toMatch(/^all +\d+ +9 +\d+ +0$/m);
});

test('a store that breaks a promise ends with 4, and the failure says what was found and why it matters', async () => {
  const wrong = `const get = store.get.bind(store); store.get = async (...asked) => (await get(...asked)) ?? null;`;
  const { code, stdout } = await placeWith(makerModule(wrong)).runlog([
    'conformance',
    'mine.js',
    '--group',
    'read',
  ]);
  expect(code).toBe(4);
  expect(stdout).toContain('FAILED read/get-one');
  expect(stdout).toContain("get 'evt_004': it is null, and had to be undefined");
  expect(stdout).toContain('Why it matters: Explaining an event means fetching its cause by id.');
  expect(stdout).toMatch(/^all +9 +0 +\d+ +[1-9]$/m);
});

test('with --json the report is data', async () => {
  const place = placeWith(makerModule());
  const args = [
    'conformance',
    'mine.js',
    '--case',
    'close/twice',
    '--case',
    'reopen/goes-on',
    '--seed',
    '7',
    '--json',
  ];
  const { code, stdout } = await place.runlog(args);
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({
    store: 'mine',
    capabilities: { durability: 'memory', shared: false, atomic_commit: true },
    seed: 7,
    passed: 2,
    failed: 0,
    results: [
      { id: 'close/twice', kind: 'promise', ok: true, failure: null },
      { id: 'reopen/goes-on', kind: 'refusal', ok: true, failure: null },
    ],
  });
});

test('a case that hangs is given up, reported, and does not keep the process', async () => {
  const hangs = `store.close = () => new Promise(() => setInterval(() => undefined, 1000));`;
  const args = [
    'conformance',
    'mine.js',
    '--case',
    'close/twice',
    '--case',
    'open/store-id',
    '--time-limit',
    '1',
  ];
  const { code, stdout } = await placeWith(makerModule(hangs)).runlog(args);
  expect(code).toBe(4);
  expect(stdout).toContain('it did not end within 1000 ms');
  expect(stdout).toMatch(/^all +2 +0 +1 +1$/m);
});

test('a place that cannot be removed is reported', async () => {
  const module = makerModule().replace(
    'destroy: async () => undefined',
    "destroy: async () => { throw new Error('busy'); }",
  );
  const { code, stdout } = await placeWith(module).runlog([
    'conformance',
    'mine.js',
    '--case',
    'open/store-id',
  ]);
  expect(code).toBe(4);
  expect(stdout).toContain('the place could not be removed: busy');
});

test('the cases that kill ask a store in memory whether it is empty', async () => {
  const { code, stdout } = await placeWith(makerModule()).runlog(['conformance', './mine.js', '--kill']);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^kill +0 +6 +6 +0$/m);
});

test('the cases that kill fail a durable store that no other process can open', async () => {
  const claims =
    "Object.defineProperty(store, 'capabilities', { value: { ...store.capabilities, durability: 'power' } });";
  const args = ['conformance', './mine.js', '--kill', '--json'];
  const { code, stdout } = await placeWith(makerModule(claims)).runlog(args);
  expect(code).toBe(4);
  expect(JSON.parse(stdout)).toMatchObject({
    passed: 0,
    failed: 6,
    groups: [{ group: 'kill', promises: 6 }],
  });
  expect(stdout).toContain('its maker has no `processes`');
});

describe('what cannot be run', () => {
  it.each([
    ['a missing file', 3, '', ['conformance', 'none.js'], "There is no file 'none.js'"],
    [
      'a module without a default export',
      2,
      'export const a = 1;',
      ['conformance', 'mine.js'],
      'makes no stores',
    ],
    [
      'a store instead of a maker',
      2,
      'export default { commit() {} };',
      ['conformance', 'mine.js'],
      'an object with commit',
    ],
    ['a module that throws', 2, "throw new Error('at the top');", ['conformance', 'mine.js'], 'at the top'],
    ['a module that is not JavaScript', 2, 'this is not', ['conformance', 'mine.js'], 'could not be loaded'],
    [
      'an unknown group',
      2,
      makerModule(),
      ['conformance', 'mine.js', '--group', 'tales'],
      'The groups are open',
    ],
    ['an unknown case', 2, makerModule(), ['conformance', 'mine.js', '--case', 'open/up'], 'open/store-id'],
    [
      'a group beside the kills',
      2,
      makerModule(),
      ['conformance', 'mine.js', '--kill', '--group', 'open'],
      "'--kill",
    ],
    [
      'a time limit of nothing',
      2,
      makerModule(),
      ['conformance', 'mine.js', '--time-limit', '0'],
      '1 or more',
    ],
  ] as const)('%s ends with %i', async (_name, code, module, args, text) => {
    const ended = await placeWith(module).runlog(args);
    expect([ended.code, ended.stdout]).toEqual([code, '']);
    expect(ended.stderr).toContain(text);
    expect(ended.stderr).not.toMatch(/^\s+at /m);
  });
});

test('session stores have a kit of their own', async () => {
  const place = placeWith(`
    import { openSessionStore } from ${root};
    const make = async () => {
      const store = await openSessionStore('memory:');
      const open = async () => store;
      return { open, otherHandle: open, reopen: open, closeAll: () => store.close(), destroy: () => store.close() };
    };
    export default { name: 'mine', make };
  `);
  const args = ['conformance', '--port', 'session-store', './mine.js', '--group', 'flush'];
  const { code, stdout } = await place.runlog(args);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^flush +10 +0 +10 +0$/m);
  expect((await place.runlog(['conformance', './mine.js', '--group', 'flush'])).code).toBe(2);
});

test('agents have a kit of their own, and a name of another kit says where it belongs', async () => {
  const sessions = JSON.stringify(new URL('../../../dist/sessions.js', import.meta.url).href);
  const place = placeWith(`
    import { scriptedAgent } from ${sessions};
    const make = async () => {
      const agent = scriptedAgent({
        name: 'mine',
        newCanceller: () => new AbortController(),
        play: async ({ tell }) => {
          await tell({ type: 'run_started', data: {} });
          return {};
        },
      });
      const task = { input: 'x' };
      return { agent, away: agent, works: task, fails: task, lasts: task,
        settings: { taken: {}, refused: {} }, destroy: () => agent.close() };
    };
    export default { name: 'mine', make };
  `);
  const asked = ['conformance', '--port', 'agent', './mine.js', '--case'];
  const right = await place.runlog([...asked, 'identity/name-is-text']);
  expect([right.code, right.stdout.split('\n')[0]]).toEqual([0, 'mine']);
  const wrong = await place.runlog([...asked, 'run/begins-and-ends']);
  expect(wrong.code).toBe(4);
  expect(wrong.stdout).toContain('the last event: it is "run_started", and had to be "run_completed"');
  const foreign = await place.runlog([...asked, 'flush/everything-is-there']);
  expect(foreign.code).toBe(2);
  expect(foreign.stderr).toContain('Give --port session-store, or a name of this kit.');
  expect((await place.runlog(['conformance', '--port', 'agent', './mine.js', '--kill'])).code).toBe(2);
});
