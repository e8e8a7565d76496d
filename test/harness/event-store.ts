// The real session store over any store of logs, as pipelines use it, and the texts that a file would hold.
import { nodePlatform } from 'runlog';
import { isSessionLogStore, type LogStore } from 'runlog/log';
import { type EventStore, openLogSessionStore } from 'runlog/sessions';

export function eventStoreOn(log: LogStore): EventStore {
  if (!isSessionLogStore(log)) throw new Error('this store keeps no sessions');
  return openLogSessionStore(log, nodePlatform);
}

/** Every text that a log store keeps, one after the other. */
export async function storedTexts(log: LogStore): Promise<string> {
  const texts: string[] = [];
  for (const { id } of await log.logs()) {
    for await (const page of log.read(id)) texts.push(...page.map((row) => JSON.stringify(row)));
  }
  return texts.join('\n');
}
