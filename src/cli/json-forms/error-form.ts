/** Decides the form of a failure: what goes to standard error in place of a result, whatever the command. */
import { z } from 'zod';
import { ours, text, theirs } from './json-form.ts';

/** On standard error; the exit code of the process says how bad it is. */
export const errorForm = ours({
  error: ours({
    name: text.describe('the class'),
    code: text.describe('stands for this kind of failure; `unexpected` for what runlog cannot explain'),
    summary: text,
    what_failed: text,
    why: text,
    how_to_fix: text,
    doc_url: z.url().nullable(),
    context: theirs.describe('data of this kind of failure'),
  }),
});
