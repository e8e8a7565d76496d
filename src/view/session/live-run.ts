/**
 * Decides how a person watches an agent at work: what it says as it is said, and each call of a tool in one line, its answer behind
 * it when nothing comes between. Nothing of an agent reaches the terminal uncleaned, however it is cut into pieces.
 */
import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from '../../base/index.ts';
import { type Paint, plainPaint } from '../text/paint.ts';
import { clean, cleanLines, cut } from '../text/printable.ts';

/** What is looked at of an event. */
export interface WatchedEvent {
  readonly type: string;
  readonly data: JsonObject;
}

const halfCharacter = /[\uD800-\uDBFF]$/;
/** Fields of tools that say at a glance what a call does. */
const telling = ['command', 'file_path', 'path', 'pattern', 'url', 'query', 'prompt', 'description'];

/** Events of an agent at work as text, piece by piece. */
export class LiveRunText {
  readonly #paint: Paint;
  readonly #columns: number;
  /** What the last line holds that has not ended. */
  #open: 'nothing' | 'text' | 'call' = 'nothing';
  /** The call whose line is open, and how much of the line is used. */
  #call: { readonly id: JsonValue; readonly used: number } | null = null;
  /** True when pieces of the present message were shown. */
  #isHeard = false;
  /** A character that came in two pieces. */
  #half = '';

  constructor({
    paint = plainPaint,
    columns = 120,
  }: { readonly paint?: Paint; readonly columns?: number } = {}) {
    this.#paint = paint;
    this.#columns = columns;
  }

  /** What is to be written for this event; empty when it is not shown. */
  next({ type, data }: WatchedEvent): string {
    switch (type) {
      case 'message_streamed':
        return this.#piece(textOf(data['delta'] ?? data['content']));
      case 'message_received':
        return this.#message(data);
      case 'tool_call_started':
        return this.#begin(data);
      case 'tool_call_completed':
        return this.#answer(data, false);
      case 'tool_call_failed':
        return this.#answer(data, true);
      case 'tool_approval_requested':
        return this.#line('warning', `${nameOf(data)} waits for an approval`);
      case 'error_occurred':
        return this.#line('bad', `error: ${textOf(data['error_message'] ?? data['message'] ?? data)}`);
      default:
        return '';
    }
  }

  /** Ends a line that is open. */
  end(): string {
    const rest = this.#half === '' ? '' : clean(this.#half);
    this.#half = '';
    const isOpen = this.#open !== 'nothing' || rest !== '';
    this.#open = 'nothing';
    this.#call = null;
    this.#isHeard = false;
    return isOpen ? `${rest}\n` : '';
  }

  #piece(piece: string): string {
    const whole = this.#half + piece;
    this.#half = halfCharacter.test(whole) ? whole.slice(-1) : '';
    const text = this.#half === '' ? whole : whole.slice(0, -1);
    if (text === '') return '';
    const before = this.#open === 'call' ? this.end() : '';
    this.#open = text.endsWith('\n') ? 'nothing' : 'text';
    this.#isHeard = true;
    return before + cleanLines(text);
  }

  #message(data: JsonObject): string {
    const isHeard = this.#isHeard;
    const role = data['role'] ?? 'assistant';
    const before = this.end();
    if (isHeard || role !== 'assistant') return before;
    const text = textOf(data['content']);
    return text === '' ? before : `${before}${cleanLines(text)}\n`;
  }

  #begin(data: JsonObject): string {
    const before = this.end();
    const room = Math.max(20, this.#columns - 24);
    const name = cut(nameOf(data), 40);
    const text = `> ${name} ${cut(inputText(data['tool_input'] ?? null), room - name.length)}`.trimEnd();
    this.#open = 'call';
    this.#call = { id: data['tool_call_id'] ?? null, used: text.length };
    return `${before}${this.#paint('dim', '>')} ${this.#paint('name', name)}${text.slice(2 + name.length)}`;
  }

  #answer(data: JsonObject, isFailure: boolean): string {
    const output = outputText(data['tool_output'] ?? null);
    const said = isFailure ? `failed: ${output}` : output;
    const style = isFailure ? 'bad' : 'dim';
    const call = this.#call;
    if (call !== null && call.id === (data['tool_call_id'] ?? null)) {
      this.#open = 'nothing';
      this.#call = null;
      return ` ${this.#paint(style, `-> ${cut(said, Math.max(12, this.#columns - call.used - 5))}`)}\n`;
    }
    return this.#line(style, `  ${clean(nameOf(data))} -> ${said}`);
  }

  #line(style: 'dim' | 'warning' | 'bad', text: string): string {
    return `${this.end()}${this.#paint(style, cut(text, this.#columns))}\n`;
  }
}

function nameOf(data: JsonObject): string {
  const name = data['tool_name'];
  return typeof name === 'string' && name !== '' ? name : 'a tool';
}

function inputText(input: JsonValue): string {
  if (!isJsonObject(input)) return input === null ? '' : textOf(input);
  const found = telling
    .map((field) => input[field])
    .find((value) => typeof value === 'string' && value !== '');
  const args = input['args'];
  const more = args !== undefined && isJsonArray(args) ? args.map((word) => ` ${textOf(word)}`).join('') : '';
  return found === undefined ? JSON.stringify(input) : textOf(found) + more;
}

/** One line: the first of a text, and how much more there is. */
function outputText(output: JsonValue): string {
  if (isJsonObject(output) && typeof output['exit_code'] === 'number')
    return `exit code ${output['exit_code']}`;
  const text = textOf(output).trimEnd();
  const [first = '', ...rest] = text.split('\n');
  return rest.length === 0 ? first : `${first} (and ${rest.length} more lines)`;
}

function textOf(value: JsonValue | undefined): string {
  if (typeof value === 'string') return value;
  return value === undefined || value === null ? '' : JSON.stringify(value);
}
