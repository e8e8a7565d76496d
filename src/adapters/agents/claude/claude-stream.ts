/**
 * Decides what each line of the program means to a session: which events it is, and what is known of the run when the lines end.
 * A line that is not understood is counted and changes nothing; a whole one that cannot be kept is told to be left out.
 */
import type { JsonObject, JsonValue } from '../../../base/index.ts';
import type { AgentEvent } from '../../../sessions/index.ts';
import {
  isObjectText,
  listAt,
  numberAt,
  objectAt,
  objectsAt,
  present,
  readLine,
  textAt,
} from './claude-line.ts';
import { addUsage, missedOf, reported, type Usage, usageOf } from './claude-usage.ts';
import { codeOfStatus } from './claude-status.ts';

/** Nested too deep, or with numbers that nobody can write down again. */
const leftOut: AgentEvent = {
  type: 'error_occurred',
  data: {
    error_code: 'provider_error',
    error_message: 'the program wrote a line that cannot be kept; it is left out',
  },
};

export class ClaudeStream {
  /** The program's own name of the session; `resumeFrom` takes it. */
  sessionId: string | null = null;
  model: string | null = null;
  /** Over the turns so far. */
  usage: Usage = {};
  turnCount = 0;
  /** The last line of a run that came to its end; `null` until then. */
  result: JsonObject | null = null;
  /** The text of the last message. */
  lastText = '';
  /** Lines that are no JSON object, and the beginning of the first. */
  unreadableCount = 0;
  firstUnreadable: string | null = null;
  #turn: Usage = {};
  #isInTrouble = false;
  readonly #calls = new Map<string, { readonly name: string; readonly input: JsonValue }>();

  /** The events that a line is, in order. */
  read(text: string): readonly AgentEvent[] {
    if (text.trim() === '') return [];
    const line = readLine(text);
    if (line === null) {
      this.unreadableCount += 1;
      this.firstUnreadable ??= text.slice(0, 200);
      return isObjectText(text) ? [leftOut] : [];
    }
    const timestamp = textAt(line, 'timestamp');
    const parent = textAt(line, 'parent_tool_use_id');
    const about = {
      ...(timestamp === null ? {} : { timestamp }),
      // What a helper of the agent does belongs to the call by which it was started.
      ...(parent === null ? {} : { metadata: { parent_tool_call_id: parent } }),
    };
    return this.#eventsOf(line, parent !== null).map((event) => ({ ...event, ...about }));
  }

  #eventsOf(line: JsonObject, isHelper: boolean): readonly AgentEvent[] {
    switch (textAt(line, 'type')) {
      case 'system':
        return this.#system(line);
      case 'stream_event':
        return isHelper ? [] : this.#streamEvent(objectAt(line, 'event'));
      case 'assistant':
        return this.#assistant(line, isHelper);
      case 'user':
        return objectsAt(objectAt(line, 'message'), 'content').flatMap((block) => this.#toolResult(block));
      case 'result':
        this.result = line;
        return this.#lastUsage(objectAt(line, 'usage'));
      default:
        return [];
    }
  }

  #system(line: JsonObject): readonly AgentEvent[] {
    const subtype = textAt(line, 'subtype');
    if (subtype === 'init' && this.sessionId === null) {
      this.sessionId = textAt(line, 'session_id');
      this.model = textAt(line, 'model');
      const { sessionId, model } = this;
      const started = present({
        session_id: sessionId,
        model,
        cwd: textAt(line, 'cwd'),
        permission_mode: textAt(line, 'permissionMode'),
        version: textAt(line, 'claude_code_version'),
      });
      return [{ type: 'run_started', data: { ...started, tools: listAt(line, 'tools') } }];
    }
    if (subtype !== 'api_retry') return [];
    this.#isInTrouble = true;
    const status = numberAt(line, 'error_status');
    const said = textAt(line, 'error') ?? 'the provider did not answer';
    const details = present({
      attempt: numberAt(line, 'attempt'),
      max_retries: numberAt(line, 'max_retries'),
      retry_delay_ms: numberAt(line, 'retry_delay_ms'),
      status,
    });
    return [
      { type: 'error_occurred', data: { error_code: codeOfStatus(status), error_message: said, details } },
    ];
  }

  #streamEvent(event: JsonObject): readonly AgentEvent[] {
    switch (textAt(event, 'type')) {
      case 'message_start':
        this.#turn = usageOf(objectAt(objectAt(event, 'message'), 'usage'));
        return this.#recovered();
      case 'content_block_delta': {
        const piece = textAt(objectAt(event, 'delta'), 'text');
        if (piece === null || piece === '') return [];
        return [{ type: 'message_streamed', data: { content: piece, delta: piece, ...this.#session() } }];
      }
      case 'message_delta':
        // Counts of the end of a turn stand in the place of those of its beginning.
        this.#turn = { ...this.#turn, ...usageOf(objectAt(event, 'usage')) };
        return [];
      case 'message_stop':
        return this.#turnEnded();
      default:
        return [];
    }
  }

  #turnEnded(): readonly AgentEvent[] {
    const turn = this.#turn;
    this.#turn = {};
    this.turnCount += 1;
    this.usage = addUsage(this.usage, turn);
    return [
      { type: 'turn_completed', data: { turn: this.turnCount, ...reported(turn) } },
      { type: 'token_usage_updated', data: reported(turn) },
    ];
  }

  #recovered(): readonly AgentEvent[] {
    if (!this.#isInTrouble) return [];
    this.#isInTrouble = false;
    return [{ type: 'error_recovered', data: {} }];
  }

  #assistant(line: JsonObject, isHelper: boolean): readonly AgentEvent[] {
    const message = objectAt(line, 'message');
    // What the program writes in the place of a model is told by the end of the run.
    if (textAt(message, 'model') === '<synthetic>') return [];
    if (!isHelper) this.model = textAt(message, 'model') ?? this.model;
    return objectsAt(message, 'content').flatMap((block): readonly AgentEvent[] => {
      const text = textAt(block, 'text');
      if (textAt(block, 'type') === 'text' && text !== null && text !== '') {
        if (!isHelper) this.lastText = text;
        return [{ type: 'message_received', data: { content: text, role: 'assistant' } }];
      }
      const id = textAt(block, 'id');
      const name = textAt(block, 'name');
      if (textAt(block, 'type') !== 'tool_use' || id === null || name === null) return [];
      const input = objectAt(block, 'input');
      this.#calls.set(id, { name, input });
      return [{ type: 'tool_call_started', data: { tool_call_id: id, tool_name: name, tool_input: input } }];
    });
  }

  #toolResult(block: JsonObject): readonly AgentEvent[] {
    const id = textAt(block, 'tool_use_id');
    if (textAt(block, 'type') !== 'tool_result' || id === null) return [];
    const call = this.#calls.get(id);
    this.#calls.delete(id);
    const isError = block['is_error'] === true;
    const data = {
      tool_call_id: id,
      tool_name: call?.name ?? 'unknown',
      tool_input: call?.input ?? {},
      tool_output: block['content'] ?? null,
      ...(isError ? { is_error: true } : {}),
    };
    return [{ type: isError ? 'tool_call_failed' : 'tool_call_completed', data }];
  }

  /** The program's own sum, where it knows more than the turns have shown. */
  #lastUsage(total: JsonObject): readonly AgentEvent[] {
    const missed = missedOf(usageOf(total), this.usage);
    if (Object.keys(missed).length === 0) return [];
    this.usage = addUsage(this.usage, missed);
    return [{ type: 'token_usage_updated', data: reported(missed) }];
  }

  #session(): JsonObject {
    return this.sessionId === null ? {} : { session_id: this.sessionId };
  }
}
