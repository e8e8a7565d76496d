/**
 * The agent as the house needs it: something that works on a run, tells what it does while it does it, and can be stopped. Knows no
 * program and no vendor.
 *
 * What every adapter promises:
 * - events: told in order, one at a time; the next one waits until `onEvent` has taken the last, so that a slow store slows the
 *   agent down instead of filling the memory. An agent that begins no tool before its `tool_call_started` is taken says so with the
 *   capability `waits_before_tools`: it can be made to wait for a person. When `onEvent` rejects, the agent is stopped and `execute` rejects with that error;
 * - ends: `execute` settles once, when everything that it started is over. No event is told afterwards;
 * - a run that does its work tells `run_started` first and `run_completed` last, and `execute` resolves. Otherwise `execute` rejects
 *   with a `SessionError`, and that is all: the end is written by the one who called. `cancelled` after `cancel` or the signal,
 *   `provider_timeout` after `timeoutMs` (`command_timeout` of a command);
 * - what was told before a failure stays told; what was used is told as `token_usage_updated`, each time what was used since the
 *   last one, so that the sum of what was told is what a run used, a failed one too.
 */
import type { CancelSignal, JsonObject, JsonValue, Usd } from '../../base/index.ts';
import type { Capability } from '../capabilities/capability.ts';
import type { SessionEventType } from '../model/event-types.ts';
import type { Execution } from '../model/execution.ts';
import type { Session } from '../model/session.ts';

/**
 * What an agent tells, before it is stored. `run_failed` and `run_cancelled` are never among it: whoever called writes the end. Events
 * of the session, of policies and of approvals are not an agent's to tell: the session manager keeps them as `error_occurred`.
 */
export interface AgentEvent {
  /** Given only where the same event can be told twice; it is then stored once. */
  readonly id?: string;
  readonly type: SessionEventType;
  /** RFC 3339; the time of arrival when the agent gives none. */
  readonly timestamp?: string;
  readonly data: JsonObject;
  readonly metadata?: JsonObject;
  /** Files that the agent hands over with it. They are kept before the event is; its `data.artifacts` then says under which keys. */
  readonly artifacts?: readonly AgentArtifact[];
}

/** A file that an agent made, for the session manager to keep. */
export interface AgentArtifact {
  /** As its run calls it, such as a path. */
  readonly name: string;
  /** A text is kept without secrets, as UTF-8; bytes are kept as they are. */
  readonly content: string | Uint8Array;
  /** `application/octet-stream` when nobody says. */
  readonly contentType?: string;
  readonly metadata?: Readonly<Record<string, string>>;
}

/** What was said before, for agents that are told it again. */
export interface AgentMessage {
  readonly role: 'system' | 'user' | 'assistant' | 'tool';
  readonly content: string | null;
  readonly toolCallId?: string | null;
  readonly toolName?: string | null;
  readonly toolInput?: JsonValue;
  readonly toolOutput?: JsonValue;
}

/** What an agent is given for one run: where it tells events, limits, transcript, what it resumes. */
export interface AgentCall {
  readonly onEvent: (event: AgentEvent) => void | Promise<void>;
  /** Called by an adapter that lets other agents work, with the name of each before it begins the run. */
  readonly onAgent?: (agent: string) => void;
  /** See `agentTimeoutMs`. */
  readonly timeoutMs?: number;
  readonly signal?: CancelSignal;
  /** What was said before this run; put in front of its input. */
  readonly transcript?: readonly AgentMessage[];
  /** Goes on in the agent's own session of this name. `CapabilityNotSupportedError` from an agent that has none. */
  readonly resumeFrom?: string;
  /** The only tools that may be used. An agent that cannot hold itself to it refuses with `CapabilityNotSupportedError`. */
  readonly allowedTools?: readonly string[];
  /** Tools that may not be used; heeded as `allowedTools` is. */
  readonly deniedTools?: readonly string[];
  /** The run ends with `PolicyViolationError` when it has used more tokens, of any kind. Nothing to an agent that uses none. */
  readonly maxTokens?: number;
  /**
   * Given where no tool may begin before its `tool_call_started` is taken: an agent with the capability `waits_before_tools` heeds it.
   * True for a call that a person has let pass, which then needs nobody else's permission.
   */
  readonly isApproved?: (toolCallId: string) => boolean;
  /** Settings of this adapter for this run, over those that it was made with; snake_case. */
  readonly settings?: JsonObject;
}

/** How a run of an agent ended: output, tokens, cost in dollars when the agent knows it. */
export interface AgentResult {
  /** `content` with the final text, and what else the adapter says of itself. */
  readonly output: JsonObject;
  /** `input_tokens` and `output_tokens`, and what else the provider counts; summed over the turns of the run. */
  readonly tokenUsage: JsonObject;
  /** What the provider itself says that it cost; `null` when it does not say. */
  readonly costUsd: Usd | null;
  /** The model that answered, where it is known. */
  readonly model: string | null;
  /** What `resumeFrom` of a later call takes; `null` when the agent keeps no session. */
  readonly providerSessionId: string | null;
  readonly turnCount: number;
  /** Who worked, where that is another agent than the adapter. */
  readonly agent?: string;
  /** How that one was chosen. */
  readonly routing?: JsonObject;
}

/** The port of agents: runs one execution, tells what happens as it happens, can be cancelled. */
export interface AgentAdapter {
  /** `claude`, `shell`; it becomes the `provider` of runs and events. */
  readonly name: string;
  /** How often it may take the time of a call, one try after another; once when it is left out. */
  readonly attempts?: number;
  capabilities(): Promise<readonly Capability[]>;
  /** Works on one run. Several may be under way at once. */
  execute(run: Execution, session: Session, call: AgentCall): Promise<AgentResult>;
  /** Stops a run, and resolves when what it started is over. Rejects with `SessionRunNotFoundError` for one that is not under way. */
  cancel(runId: string): Promise<void>;
  /** Rejects with `ValidationError` for settings that `execute` would not take. */
  validateConfig(settings: JsonObject): Promise<void>;
  /**
   * Ends what a process that died has left running of a run on this host, so that the run can be taken up again: asks it to end first,
   * and kills it after a time; at once with `isAtOnce`. Resolves to how many processes there were. Absent where nothing outlives the
   * process.
   */
  endLeftovers?(runId: string, how?: { readonly isAtOnce?: boolean }): Promise<number>;
  /**
   * True when the agent's own session of this name holds an event that the log has: the agent was not ended before it had written it
   * down itself. Without it, or when it is false, an agent whose process has died is told again what was said.
   */
  remembers?(providerSessionId: string, event: AgentEvent): Promise<boolean>;
  /** Cancels everything that is under way, and waits for it. Safe to call twice. */
  close(): Promise<void>;
}
