// Works on one run after another in a session of a SQLite file, and prints each event that the agent has told. Argument: path of the store.
import { writeSync } from 'node:fs';
import process from 'node:process';
import { openSessionManager } from '../../../src/app/sessions/open-session-manager.ts';
import { openSessionStore } from '../../../src/app/sessions/open-session-store.ts';
import { scriptedAgent } from '../../../src/sessions/index.ts';

const store = await openSessionStore(process.argv[2] ?? '');
const agent = scriptedAgent({
  newCanceller: () => new AbortController(),
  play: async ({ tell }) => {
    for (let piece = 0; piece < 5; piece += 1) {
      await tell({ type: 'message_streamed', data: { content: `${piece} `, delta: `${piece} ` } });
    }
    return { output: { content: '0 1 2 3 4 ' } };
  },
});
const manager = openSessionManager(store, agent);
const session = await manager.startSession({ id: `s${process.pid}` });
await manager.activateSession(session.id);
for (;;) {
  const { id } = await manager.startRun(session.id, 'count');
  await manager.executeRun(id, { onEvent: ({ type }) => void writeSync(1, `${type}\n`) });
}
