/** Decides which events a store is most likely to change on the way: numbers, texts and ids that a parser or a column would mend. */
import type { EventRow } from '../../../log/index.ts';
import { sampleEvent } from '../sample-log.ts';

const payloads = [
  '{"a":1.0,"b":1e2,"c":-0,"d":12345678901234567890}',
  '{"a":1,"a":2}',
  '{ "z" : 1 ,\n\t"10" : [ ] }',
  '{"__proto__":{"x":1},"constructor":1}',
  '{"a":"\\u0000\\ud800\\/"}',
  '{"a":"e\u0301 \u00e9 \u{1f600} \u2028 \ufeff \uffff"}',
  '{"a":"\u0001\u001b[31m\r\n"}',
  '{"nested":{"list":[1,[2,{"three":null}],[]],"map":{"café \u{1f600}":{}}},"empty":[],"nothing":null}',
  `{"long":"${'0123456789abcdef'.repeat(4096)}"}`,
  '{}',
];

const ids = ['a', 'A', 'evt_900', 'evt_2', "it's", '%_\\', '\u{1f600}', 'e\u0301', '\u00e9'];

/** Twice as many events as there are payloads, some under ids of their own. */
export function awkwardEvents(): readonly EventRow[] {
  return [...payloads, ...payloads].map((payload, index) => {
    const id = ids[index];
    const actor = index % 3 === 0 ? null : (ids[index % ids.length] ?? null);
    return sampleEvent(index + 1, { payload, actor, ...(id === undefined ? {} : { id }) });
  });
}
