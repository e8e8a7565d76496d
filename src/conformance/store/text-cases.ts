/** Cases of texts: payloads are data, byte for byte, and what cannot be held byte for byte is refused. */
import { type EventRow, intakePayload, InvalidEventError, type LogStore } from '../../log/index.ts';
import { expectEqual, expectRefusal } from '../expect.ts';
import { appendAt, asStored, filledLog, readAll, sampleEvent, sampleLog, seqsOf } from './sample-log.ts';
import { storeCases } from './store-case.ts';

async function keeps(store: LogStore, payloads: readonly string[]): Promise<void> {
  const events = payloads.map((payload, index) => sampleEvent(index + 1, { payload }));
  await store.create(sampleLog('a'));
  await appendAt(store, 'a', 0, events);
  const read = (await readAll(store, 'a')).map(({ payload }) => payload);
  expectEqual(read, [...payloads], 'payload texts');
}

async function refuses(store: LogStore, changes: readonly Partial<EventRow>[]): Promise<void> {
  await filledLog(store, 'a', 1);
  for (const change of changes) {
    const work = appendAt(store, 'a', 1, [sampleEvent(2, change)]);
    await expectRefusal(work, InvalidEventError, `an unfit ${Object.keys(change).join()}`);
  }
  expectEqual(await seqsOf(store, 'a'), [1], 'places after the refusals');
}

export const textCases = storeCases('text', {
  'number-spelling-kept': {
    why: 'A hash over the text fails when 1.0 comes back as 1.',
    async run({ store }) {
      await keeps(store, ['{"a":1.0}', '{"a":1e2}', '{"a":100E-2}', '{"a":-0}', '{"a":0.10}', '{"a":1e400}']);
    },
  },
  'big-numbers-kept': {
    why: 'Ids of other systems do not fit a double.',
    async run({ store }) {
      await keeps(store, [
        '{"a":12345678901234567890}',
        '{"a":9007199254740993}',
        '{"a":0.1000000000000000055511}',
      ]);
    },
  },
  'duplicate-keys-kept': {
    why: 'What was written is evidence; a reader decides which of the two counts.',
    async run({ store }) {
      await keeps(store, ['{"a":1,"a":2}', '{"a":{"b":1},"a":{"c":2}}']);
    },
  },
  'key-order-and-space-kept': {
    why: 'A store that parses and prints again changes the hash of every event.',
    async run({ store }) {
      await keeps(store, ['{"z":1,"a":2,"10":3,"9":4}', '{ "a" : 1 ,\n\t"b" : [ ] }', ' {"a":1} ', '{}']);
    },
  },
  'proto-keys-kept': {
    why: 'A key is data, whatever it is called.',
    async run({ store }) {
      await keeps(store, [
        '{"__proto__":{"polluted":true}}',
        '{"constructor":{"prototype":{"x":1}}}',
        '{"toString":1}',
      ]);
    },
  },
  'escapes-kept': {
    why: 'JSON can say what a text cannot hold; the escape has to stay an escape.',
    async run({ store }) {
      await keeps(store, [
        '{"a":"\\u0000"}',
        '{"a":"\\ud800"}',
        '{"a":"\\udc00\\ud800"}',
        '{"a":"\\/\\b\\u00e9"}',
      ]);
    },
  },
  'nesting-kept': {
    why: 'Payloads are trees: lists in maps in lists, empty ones, and nothing at all.',
    async run({ store }) {
      const deep = `${'{"a":['.repeat(100)}null${']}'.repeat(100)}`;
      await keeps(store, [
        '{"a":{"b":[1,{"c":[[],{}]}]},"caf\u00e9":"\u{1f600}","empty":[],"nothing":null}',
        '{"list":[null,true,false,0,"",[],{}]}',
        deep,
      ]);
    },
  },
  'taken-in-values-kept': {
    why: 'What the runtime makes of dates, sets and decimals has one form, and comes back in it.',
    async run({ store }) {
      const values = [
        { at: new Date(0), amount: '12.50', tags: new Set(['b', 'a']) },
        { left: undefined, zero: -0, list: [undefined, 1e21, 1e-7] },
      ];
      await keeps(
        store,
        values.map((value) => intakePayload(value).text),
      );
    },
  },
  'unicode-kept': {
    why: 'Text of people: it must not be normalized, replaced or cut.',
    async run({ store }) {
      await keeps(store, [
        '{"a":"\u{1f600}\u{1f1e9}\u{1f1ea}"}',
        '{"a":"e\u0301 \u00e9"}',
        '{"a":"\u2028\u2029\ufeff\ufffd\uffff"}',
        '{"\u65e5\u672c":"\u0627\u0644\u0639"}',
        '\ufeff{"a":1}',
      ]);
    },
  },
  'control-characters-kept': {
    why: 'Output of programs is full of them.',
    async run({ store }) {
      await keeps(store, ['{"a":"\u0001\u001b[31m\u007f"}', '{"a":"\r\n\t"}', '{"a":"\u0085\u00a0"}']);
    },
  },
  'field-texts-kept': {
    why: 'Every text of an event is kept like its payload.',
    async run({ store }) {
      const texts = [
        "it's",
        'a"b',
        '%_\\',
        '\u{1f600}',
        'e\u0301',
        '\ufeffx',
        'a\nb',
        ' x ',
        '0',
        'null',
        'NaN',
      ];
      const events = texts.map((text, index) =>
        sampleEvent(index + 1, {
          id: `id ${text}`,
          type: text,
          actor: text,
          causedBy: text,
          frameId: text,
          timestamp: text,
          subject: text,
        }),
      );
      await store.create(sampleLog('a'));
      await appendAt(store, 'a', 0, events);
      expectEqual(await readAll(store, 'a'), asStored(events), 'the events');
      for (const [index, { id }] of events.entries()) {
        expectEqual((await store.get('a', id))?.seq, index + 1, `get ${id}`);
      }
    },
  },
  'similar-ids-are-two': {
    why: 'A database that folds case or accents would find the wrong event.',
    async run({ store }) {
      const ids = ['a', 'A', '\u00e9', 'e\u0301', 'e', '\u00df', 'ss', 'a ', '1', '01', '1.0'];
      await store.create(sampleLog('a'));
      await appendAt(
        store,
        'a',
        0,
        ids.map((id, index) => sampleEvent(index + 1, { id })),
      );
      for (const [index, id] of ids.entries())
        expectEqual((await store.get('a', id))?.seq, index + 1, `get '${id}'`);
    },
  },
  'lone-surrogates-refused': {
    why: 'UTF-8 has no form for them: some drivers put a replacement there without a word.',
    async run({ store }) {
      await refuses(store, [
        { id: 'a\ud800' },
        { type: '\udc00' },
        { actor: '\ud83d' },
        { subject: 'x\udfff' },
        { payload: '{"a":"\ud800"}' },
      ]);
    },
  },
  'null-character-refused': {
    why: 'PostgreSQL cannot hold it, and C libraries stop reading there.',
    async run({ store }) {
      await refuses(store, [{ id: 'a\0' }, { type: 'a\0b' }, { payload: '{"a":"\0"}' }, { timestamp: '\0' }]);
    },
  },
  'session-texts-kept': {
    why: 'Metadata is data as well, and a version is a whole number or nothing.',
    async run({ store }) {
      const versions = [0, -1, 2 ** 31, Number.MAX_SAFE_INTEGER, null];
      const events = versions.map((schemaVersion, index) =>
        sampleEvent(index + 1, { id: `s-${index}`, schemaVersion, metadata: `{"a":1.0,"a":${index}}` }),
      );
      await store.create(sampleLog('s', { kind: 'session' }));
      await appendAt(store, 's', 'any', events);
      expectEqual(await readAll(store, 's'), asStored(events), 'the events');
      for (const change of [{ schemaVersion: 1.5 }, { schemaVersion: 2 ** 53 }, { metadata: '"\ud800"' }]) {
        const work = appendAt(store, 's', 'any', [sampleEvent(1, { id: 'new', ...change })]);
        await expectRefusal(work, InvalidEventError, JSON.stringify(change));
      }
    },
  },
});
