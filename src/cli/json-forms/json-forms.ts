/** Decides which commands print JSON in which forms, and how that is told to programs: as a JSON Schema of draft 2020-12. */
import { z } from 'zod';
import type { JsonObject } from '../../base/index.ts';
import { errorForm } from './error-form.ts';
import {
  approvalsForms,
  approveForms,
  denyForms,
  diffForms,
  forkForms,
  promoteForms,
  quickstartForms,
} from './fork-forms.ts';
import { always, type JsonForm } from './json-form.ts';
import { inspectForms, replayForms, runsForms, statusForms, whyForms } from './run-forms.ts';
import {
  agentForms,
  maintainForms,
  redactForms,
  sessionForms,
  sessionsForms,
  usageForms,
} from './session-forms.ts';
import {
  aoForms,
  backupForms,
  conformanceForms,
  detachForms,
  doctorForms,
  importForms,
  migrateForms,
  packForms,
  pinForms,
  retentionForms,
  schemaForms,
  unpinForms,
  whyKeptForms,
} from './store-forms.ts';

/** Of each command with `--json`; `error` is what any of them prints to standard error when it fails. */
export const jsonForms: Readonly<Record<string, readonly JsonForm[]>> = {
  quickstart: quickstartForms,
  runs: runsForms,
  status: statusForms,
  inspect: inspectForms,
  replay: replayForms,
  why: whyForms,
  fork: forkForms,
  diff: diffForms,
  promote: promoteForms,
  approvals: approvalsForms,
  approve: approveForms,
  deny: denyForms,
  agent: agentForms,
  sessions: sessionsForms,
  usage: usageForms,
  session: sessionForms,
  redact: redactForms,
  maintain: maintainForms,
  migrate: migrateForms,
  import: importForms,
  schema: schemaForms,
  doctor: doctorForms,
  backup: backupForms,
  archive: retentionForms,
  delete: retentionForms,
  pin: pinForms,
  unpin: unpinForms,
  detach: detachForms,
  'why-kept': whyKeptForms,
  ao: aoForms,
  conformance: conformanceForms,
  pack: packForms,
  error: always(errorForm),
};

const draft = 'https://json-schema.org/draft/2020-12/schema';

/** The JSON Schema of one row of the table; `undefined` for a name without a row. */
export function jsonSchemaOf(name: string): JsonObject | undefined {
  const forms = jsonForms[name];
  if (forms === undefined) return undefined;
  const head = { $schema: draft, $id: `https://runlog.dev/schemas/${name}.json` };
  const [first, ...others] = forms.map((form) => ({ ...placeOf(name, form), ...plainSchema(form.schema) }));
  if (first !== undefined && others.length === 0) return { ...head, ...first };
  return { ...head, title: titleOf(name), anyOf: [...(first === undefined ? [] : [first]), ...others] };
}

function titleOf(name: string): string {
  return name === 'error' ? 'runlog COMMAND --json, when it fails' : `runlog ${name} --json`;
}

function placeOf(name: string, { when, isLine }: JsonForm): JsonObject {
  return {
    title: `${titleOf(name)}${when === '' ? '' : ` (${when})`}`,
    ...(isLine === true ? { $comment: 'one line of many' } : {}),
  };
}

function plainSchema(schema: z.ZodType): JsonObject {
  const { $schema: _draft, ...rest } = z.toJSONSchema(schema, { io: 'output' });
  // Through text: what the library hands out is typed wider than JSON.
  return z.record(z.string(), z.json()).parse(JSON.parse(JSON.stringify(rest)));
}
