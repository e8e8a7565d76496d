import { describe, expect, it } from 'vitest';
import { RunlogError, InvalidRuntimeConfiguration } from '../../base/index.ts';
import { eventNotFound } from '../../log/index.ts';
import { colourPaint } from './paint.ts';
import { errorText, errorToJson } from './error-text.ts';

const error = eventNotFound({ eventId: 'evt_9', logId: 'demo', operation: 'inspect' });

describe('errorText', () => {
  it('says what failed, why, how to fix it and where to read more', () => {
    expect(errorText(error)).toEqual([
      "error: event 'evt_9' not found in run 'demo'",
      '',
      'What failed:',
      "  inspect asked for event 'evt_9', which run 'demo' does not have.",
      '',
      'Why:',
      `  ${error.why}`,
      '',
      'How to fix:',
      `  ${error.howToFix}`,
      '',
      'More:',
      `  ${error.docUrl}`,
    ]);
  });

  it('shows the context where its advice sends somebody there, each value in a line of bounded length', () => {
    const asked = new InvalidRuntimeConfiguration({
      summary: 's',
      whatFailed: 'f',
      why: 'w',
      howToFix: 'Read in `context` which part of it is meant.',
      context: { field: 'tags', found: { text: `a\nb${'x'.repeat(1000)}` } },
    });
    const lines = errorText(asked);
    const at = lines.indexOf('Context:');
    expect(lines[at + 1]).toBe('  field: "tags"');
    expect(lines[at + 2]).toMatch(/^ {2}found: \{"text":"a\\nbx+…$/);
    expect(lines[at + 2]?.length).toBeLessThan(320);
    expect(errorText(error)).not.toContain('Context:');
  });

  it('puts the names in, so that its commands work as typed', () => {
    const names = { url: 'sqlite:///my run.db', runId: 'demo' };
    expect(errorText(error, { names }).join('\n')).toContain(
      "`runlog inspect 'sqlite:///my run.db' --run-id demo --tail 100`",
    );
  });

  it('keeps the run that the error knows, when nobody named one', () => {
    expect(errorText(error, { names: { url: 'sqlite:///r.db' } }).join('\n')).toContain(
      '`runlog inspect sqlite:///r.db --run-id demo --tail 100`',
    );
  });

  it('leaves the run out of its commands when nobody knows which', () => {
    const howToFix = 'See `runlog inspect URL --run-id RUN --behaviors`.';
    const unknown = new InvalidRuntimeConfiguration({ summary: 's', whatFailed: 'f', why: 'w', howToFix });
    expect(errorText(unknown, { names: { url: 'sqlite:///r.db' } }).join('\n')).toContain(
      '`runlog inspect sqlite:///r.db --behaviors`',
    );
  });

  it('calls the program as it was called', () => {
    const names = { program: 'npx runlog', url: 'sqlite:///r.db', runId: 'demo' };
    expect(errorText(error, { names }).join('\n')).toContain('`npx runlog inspect sqlite:///r.db');
  });

  it('keeps a dollar sign of a name as it is', () => {
    expect(errorText(error, { names: { url: 'sqlite:///$&.db' } }).join('\n')).toContain("'sqlite:///$&.db'");
  });

  it('shows no stack of an error that nobody foresaw', () => {
    expect(errorText(new TypeError('x is not a function')).join('\n')).not.toMatch(/^\s+at /m);
  });

  it('names an error that nobody foresaw', () => {
    expect(errorText(new TypeError('boom'))[0]).toBe('error: unexpected TypeError: boom');
  });

  it('lets no text of an error steer the terminal', () => {
    const text = '\u001b[2J\u0007';
    const hostile = new RunlogError({ summary: text, whatFailed: text, why: text, howToFix: text });
    expect(errorText(hostile).join('')).not.toMatch(/\p{Cc}/u);
  });

  it('indents every line of a text, so that none passes for a heading', () => {
    const forged = new RunlogError({ summary: 's', whatFailed: 'a\nWhy:', why: 'w', howToFix: 'h' });
    expect(errorText(forged)).toContain('  Why:');
  });

  it('paints only when it is asked to', () => {
    expect(errorText(error, { paint: colourPaint })[0]).toBe(
      "\u001b[31merror:\u001b[39m event 'evt_9' not found in run 'demo'",
    );
  });
});

describe('errorToJson', () => {
  it('has a field for each part', () => {
    expect(errorToJson(error)).toEqual({
      error: {
        name: 'EventNotFoundError',
        code: 'event-not-found-error',
        summary: error.summary,
        what_failed: error.whatFailed,
        why: error.why,
        how_to_fix: error.howToFix,
        doc_url: error.docUrl,
        context: { event_id: 'evt_9', run_id: 'demo', operation: 'inspect' },
      },
    });
  });
});
