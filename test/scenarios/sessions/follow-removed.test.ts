// A session that is removed while somebody follows it: the follower is told, and does not wait for what cannot come.
import { nodePlatform, openSessionManager, openSessionStore, openStore } from 'runlog';
import { followSession, scriptedAgent } from 'runlog/sessions';
import { expect, onTestFinished, test } from 'vitest';

test('a follower of a session that is removed is told that it is not there any more', async () => {
  const log = await openStore('memory:');
  const store = await openSessionStore(log);
  onTestFinished(() => store.close());
  const agent = scriptedAgent({
    newCanceller: () => new AbortController(),
    play: async () => ({ output: {} }),
  });
  const manager = openSessionManager(store, agent);
  const { id } = await manager.startSession();
  const followed = followSession(store, id, nodePlatform);
  expect(await followed.next()).toMatchObject({ value: { type: 'session_created' } });
  await log.remove(await log.head(id));
  await expect(followed.next()).rejects.toMatchObject({ code: 'session_not_found' });
});

test('a follower of a session that is not there yet waits for it', async () => {
  const store = await openSessionStore(await openStore('memory:'));
  onTestFinished(() => store.close());
  const agent = scriptedAgent({
    newCanceller: () => new AbortController(),
    play: async () => ({ output: {} }),
  });
  const manager = openSessionManager(store, agent);
  const followed = followSession(store, 'later', nodePlatform);
  const first = followed.next();
  await manager.startSession({ id: 'later' });
  expect(await first).toMatchObject({ value: { type: 'session_created', sequenceNumber: 1 } });
  followed.close();
});
