/**
 * Decides what becomes of the files that an agent hands over with an event, and of outputs of tools that are too long for one: they are
 * put into the registry of the session, in front of the event, and the event says where they are and what their bytes are.
 */
import { type JsonObject, type JsonValue, mergeObjects } from '../../base/index.ts';
import { ArtifactExistsError, type ArtifactInfo } from '../../effects/index.ts';
import type { AgentArtifact, AgentEvent } from '../agents/port.ts';
import type { ArtifactRegistry, PutInSession, SessionArtifacts } from '../artifacts/artifact-registry.ts';
import { utf8Bytes } from '../artifacts/utf8-bytes.ts';
import { sessionErrorToJson } from '../errors/session-error.ts';
import type { Parts } from './parts.ts';

/** Characters of the output of a tool that stand in its event; what is longer is an artifact as a whole. */
const defaultToolOutputCharacters = 65_536;

export interface KeptEvent {
  readonly event: AgentEvent;
  /** Artifacts that could not be kept. */
  readonly failures: number;
}

/** The event as it is to be stored. Never rejects because of an artifact: the event then says what went wrong. */
export async function keepArtifacts(
  parts: Parts,
  sessionId: string,
  runId: string,
  { artifacts = [], ...event }: AgentEvent,
): Promise<KeptEvent> {
  const { artifacts: registry, toolOutputCharacters = defaultToolOutputCharacters } = parts.options;
  const keeper = new ArtifactKeeper(parts, registry ?? null, sessionId, runId);
  const told: JsonValue[] = [];
  for (const artifact of artifacts) told.push(await keeper.keep(artifact));
  const output = event.data['tool_output'];
  const isLong = typeof output === 'string' && output.length > toolOutputCharacters;
  const additions =
    isLong && registry !== undefined ? await keeper.keepOutput(output, event.data, toolOutputCharacters) : {};
  const all = told.length === 0 ? additions : { ...additions, artifacts: told };
  const isSame = Object.keys(all).length === 0;
  return {
    event: isSame ? event : { ...event, data: mergeObjects(event.data, all) },
    failures: keeper.failures,
  };
}

class ArtifactKeeper {
  readonly #parts: Parts;
  readonly #artifacts: SessionArtifacts | null;
  readonly #runId: string;
  failures = 0;

  constructor(parts: Parts, registry: ArtifactRegistry | null, sessionId: string, runId: string) {
    this.#parts = parts;
    this.#artifacts = registry?.of(sessionId) ?? null;
    this.#runId = runId;
  }

  /** What the event says of it. */
  async keep({ name, content, contentType, metadata }: AgentArtifact): Promise<JsonObject> {
    const options: PutInSession = {
      runId: this.#runId,
      ...(contentType === undefined ? {} : { contentType }),
      ...(metadata === undefined ? {} : { metadata }),
    };
    try {
      if (this.#artifacts === null) return { name, kept: false };
      const bytes = typeof content === 'string' ? utf8Bytes(this.#withoutSecrets(content)) : content;
      return saidOf(name, await this.#put(this.#artifacts, name, bytes, options));
    } catch (error) {
      this.failures += 1;
      return { name, kept: false, error: sessionErrorToJson(error) };
    }
  }

  /** The whole output goes into an artifact, and its beginning stays. Cut only where no secret can be cut in two. */
  async keepOutput(
    output: string,
    { tool_call_id: callId }: JsonObject,
    atMost: number,
  ): Promise<JsonObject> {
    const name = `tools/${typeof callId === 'string' && callId !== '' ? callId : this.#parts.mint.id('art')}.txt`;
    const clean = this.#withoutSecrets(output);
    const said = await this.keep({ name, content: clean, contentType: 'text/plain; charset=utf-8' });
    // What is kept nowhere else stays as it came.
    if (said['kept'] === false) return {};
    return { tool_output: clean.slice(0, atMost).toWellFormed(), tool_output_artifact: said };
  }

  /** Another file of the same name and run stands beside the first. */
  async #put(
    artifacts: SessionArtifacts,
    name: string,
    bytes: Uint8Array,
    options: PutInSession,
  ): Promise<ArtifactInfo> {
    try {
      return await artifacts.put(`${this.#runId}/${name}`, bytes, options);
    } catch (error) {
      if (!(error instanceof ArtifactExistsError)) throw error;
      return artifacts.put(`${this.#runId}/${this.#parts.mint.id('art')}/${name}`, bytes, options);
    }
  }

  #withoutSecrets(text: string): string {
    return this.#parts.redactor?.text(text) ?? text;
  }
}

function saidOf(name: string, { key, size, sha256, contentType }: ArtifactInfo): JsonObject {
  return { name, key, size, sha256, content_type: contentType };
}
