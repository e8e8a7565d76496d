/** Decides the forms of what commands print of stores: what was moved, checked, copied, kept and let go. */
import { z } from 'zod';
import {
  always,
  count,
  countOrNull,
  flag,
  hash,
  type JsonForm,
  ours,
  text,
  textOrNull,
  texts,
  timeOrNull,
} from './json-form.ts';

const moved = {
  source_format: text,
  dest_url: text,
  dry_run: flag,
  ok: flag.describe('all runs are there'),
  stopped: flag,
  notes: texts,
  runs: z.array(
    ours({
      run_id: text,
      status: z.enum(['copied', 'continued', 'present', 'replaced', 'conflict', 'failed']),
      events_migrated: count,
      bytes: count,
      ancestor_only: flag.describe('brought as far as a fork of it needs it'),
      verified_hash: hash.nullable(),
      artifacts: count,
      source_digest: textOrNull,
      skipped_events: z.array(ours({ event_id: text, why: text })),
      broken_links: z.array(ours({ event_id: text, caused_by: text })),
      notes: texts,
      error: textOrNull,
    }),
  ),
};

const migration = ours({ source_url: text, ...moved });

export const migrateForms = always(migration);

export const importForms: readonly JsonForm[] = [
  ...always(
    ours({
      source: text,
      ...moved,
      refused_lines: z.array(ours({ line: count, reason: text, run_id: textOrNull })),
    }),
  ),
  { when: 'ao', schema: migration },
];

export const schemaForms: readonly JsonForm[] = [
  {
    when: 'status',
    schema: z.array(
      ours({
        version: count,
        file: textOrNull,
        state: z.enum(['applied', 'pending', 'changed', 'unknown']),
        applied_at: timeOrNull,
      }),
    ),
  },
  {
    when: 'upgrade',
    schema: ours({
      dry_run: flag,
      from_version: count,
      to_version: count,
      applied: z.array(ours({ file: text, statements: texts })),
    }),
  },
];

const severity = z.enum(['damage', 'derived', 'note']);
const finding = ours({
  code: text,
  severity,
  where: text,
  run_id: textOrNull,
  seq: countOrNull,
  what: text,
  meaning: text,
  todo: text,
});

const health = ours({
  store: text,
  state: z.enum(['whole', 'repairable', 'damaged']),
  runs: count,
  events: count,
  counts: ours({ damage: count, derived: count, note: count }),
  findings: z.array(finding).describe('the first thousand'),
  repaired: z.array(finding),
});

export const doctorForms = always(health);
export const backupForms = always(ours({ file: text, kind: z.enum(['file', 'runs']), health }));

const reason = z.union([
  ours({ code: z.literal('not-asked-for') }),
  ours({ code: z.literal('pinned'), reason: text }),
  ours({ code: z.literal('held'), by: text }),
  ours({ code: z.literal('needed'), forks: texts }),
  ours({ code: z.literal('among-the-newest'), keep_last: count }),
  ours({ code: z.literal('too-young'), last_written: timeOrNull }),
  ours({ code: z.literal('status'), status: text }),
  ours({ code: z.literal('label'), label: textOrNull }),
]);

export const retentionForms = always(
  ours({
    store: text,
    archive: textOrNull.describe('null for delete'),
    dry_run: flag,
    ok: flag,
    leaving: z.array(
      ours({
        run_id: text,
        events: count,
        head_hash: hash,
        artifacts: texts.optional().describe('of a session that has some'),
        error: textOrNull.describe('why it is still there'),
      }),
    ),
    partial: z.array(ours({ run_id: text, events: count, of_events: count, ancestor_only: z.literal(true) })),
    kept: z.array(ours({ run_id: text, reasons: z.array(reason) })),
  }),
);

export const whyKeptForms = always(ours({ run_id: text, is_kept: flag, reasons: z.array(reason) }));

export const detachForms = always(
  ours({ run_id: text, events_copied: count, events: count, head_hash: hash }),
);

const kind = z.enum(['promise', 'refusal']);

export const conformanceForms = always(
  ours({
    store: text,
    capabilities: ours({
      durability: text,
      shared: flag,
      atomic_commit: flag,
    }).nullable(),
    seed: countOrNull,
    passed: count,
    failed: count,
    groups: z.array(ours({ group: text, promises: count, refusals: count, passed: count, failed: count })),
    results: z.array(
      ours({ id: text, group: text, kind, ok: flag, failure: textOrNull, why: text, timed_out: flag }),
    ),
  }),
);

const aoCounts = { created: count, skipped: count, failed: count };

/** Of a contract that is older than this product; also printed when all was refused. */
export const aoForms = always(
  ours({
    dbCreated: flag,
    schemaVersion: count,
    projects: ours(aoCounts),
    orchestrators: ours({ ...aoCounts, relocatedTranscripts: count }),
  }),
);

export const pinForms = always(ours({ run_id: text, pinned: z.literal(true), reason: text }));
export const unpinForms = always(ours({ run_id: text, pinned: z.literal(false), was_pinned: flag }));

export const packForms: readonly JsonForm[] = [
  { when: 'new', schema: ours({ folder: text, files: texts }) },
  {
    when: 'list',
    schema: z.array(ours({ name: text, version: text, entry: text.describe('what a program imports') })),
  },
];
