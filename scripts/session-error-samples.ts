// What the pages of session errors say: a meaning for each category and, from the catalogue of codes, a page for each leaf.
import { sessionErrorCodes, sessionErrorMeaning } from '../src/sessions/errors/error-codes.ts';
import { sessionError } from '../src/sessions/errors/session-error.ts';
import type { ErrorPage } from './error-page.ts';

const categories: Readonly<Record<string, ErrorPage>> = {
  SessionError: { meaning: 'Everything that sessions of agents refuse, whatever its category.' },
  SessionValidationError: {
    meaning: 'A value that was handed to sessions does not have the form that is asked for.',
  },
  SessionStateError: {
    meaning: 'The present state of a session, a run or a stream does not allow the call.',
  },
  SessionResourceError: {
    meaning: 'Something was asked for by name that is not there, or was to be made twice.',
  },
  SessionProviderError: { meaning: 'A provider of agents could not do its work.' },
  SessionStorageError: { meaning: 'A session store could not do its work.' },
  SessionRuntimeError: { meaning: 'A run of an agent ended before its work was done.' },
  SessionConcurrencyError: { meaning: 'A limit was reached, or two things cannot be done at the same time.' },
  SessionToolError: { meaning: 'A tool of an agent, or a command, failed.' },
};

const leaves = sessionErrorCodes.map((code): readonly [string, ErrorPage] => {
  const { of, category, message, retryable } = sessionErrorMeaning(code);
  const again = retryable
    ? 'The same call can succeed a little later.'
    : 'The same call fails again until something else has changed.';
  const meaning = `Of the category ${category}: ${message}. ${again} It stands as \`${code}\` in events and in the \`error\` of a run.`;
  return [of.name, { meaning, sample: () => sessionError(code) }];
});

/** By class name. */
export const sessionErrorPages: Readonly<Record<string, ErrorPage>> = {
  ...categories,
  ...Object.fromEntries(leaves),
};
