/** Decides which events of a run or a session hold a text, and reads no more at a time than a page. */
import { checkArguments, checkedOptions, checkOptionNames } from '../../base/index.ts';
import { decodeEvent, type LogEvent } from '../../log/index.ts';
import { chooseLog } from '../choose-run.ts';
import { openStore } from '../open-store.ts';
import type { InspectOptions } from './inspect-run.ts';

/** An event that was found, and in which run or session. */
export interface SearchedEvent {
  readonly runId: string;
  readonly isNewest: boolean;
  readonly event: LogEvent;
}

/** The name of every option: one that is missing here, or is no option, does not compile. */
const optionNames: readonly string[] = Object.keys({ runId: true, text: true } satisfies Record<
  keyof Parameters<typeof searchEvents>[1],
  true
>);

/**
 * The events of a run or a session that hold a text, in capitals or not: in their id, type, actor or payload. Reads the whole log, a page
 * at a time.
 */
export async function* searchEvents(
  url: string,
  options: InspectOptions & { readonly text: string },
): AsyncGenerator<SearchedEvent> {
  checkOptionNames('searchEvents', checkedOptions('searchEvents', options), optionNames);
  checkArguments('searchEvents', { 'options.text': [options.text, 'text'] });
  const store = await openStore(url, { mode: 'read' });
  try {
    const { info, isNewest } = await chooseLog(store, options.runId);
    // Payloads are looked through as they are stored: what JSON writes otherwise is sought as JSON writes it.
    const sought = [options.text, JSON.stringify(options.text).slice(1, -1)].map((text) =>
      text.toLowerCase(),
    );
    for await (const page of store.read(info.id)) {
      for (const stored of page) {
        const texts = [stored.id, stored.type, stored.actor ?? '', stored.payload].map((text) =>
          text.toLowerCase(),
        );
        if (sought.some((text) => texts.some((held) => held.includes(text))))
          yield { runId: info.id, isNewest, event: decodeEvent(stored, info.id) };
      }
    }
  } finally {
    await store.close();
  }
}
