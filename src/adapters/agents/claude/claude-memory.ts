/**
 * Decides whether the program has written an event of a run into its own session: it keeps one file a session, of one JSON object a
 * line, and writes it behind what it tells.
 */
import { createReadStream } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { outputLines } from '../../../host/index.ts';
import type { AgentEvent } from '../../../sessions/index.ts';
import { objectAt, objectsAt, readLine, textAt } from './claude-line.ts';

/** A longer line is not looked into. */
const maxLineBytes = 64 * 1024 * 1024;

/** False also when there is no such session, and when the file cannot be read: then nobody knows. */
export async function rememberedIn(
  env: Readonly<Record<string, string>>,
  sessionId: string,
  event: AgentEvent,
): Promise<boolean> {
  const folder = env['CLAUDE_CONFIG_DIR'] ?? join(env['HOME'] ?? '', '.claude');
  const projects = join(folder, 'projects');
  for (const project of await foldersIn(projects)) {
    if (await holds(join(projects, project, `${sessionId}.jsonl`), event)) return true;
  }
  return false;
}

async function foldersIn(path: string): Promise<readonly string[]> {
  try {
    return await readdir(path);
  } catch {
    return [];
  }
}

async function holds(path: string, event: AgentEvent): Promise<boolean> {
  try {
    for await (const { text } of outputLines(createReadStream(path), maxLineBytes)) {
      const line = readLine(text);
      if (line === null) continue;
      const message = objectAt(line, 'message');
      const whole = textAt(message, 'content');
      const blocks = whole === null ? objectsAt(message, 'content') : [{ type: 'text', text: whole }];
      const role = textAt(message, 'role');
      if (role !== null && blocks.some((block) => isIn(event, role, block))) return true;
    }
    return false;
  } catch {
    return false;
  }
}

function isIn({ type, data }: AgentEvent, role: string, block: Readonly<Record<string, unknown>>): boolean {
  const callId = data['tool_call_id'];
  switch (type) {
    case 'tool_call_started':
      return block['type'] === 'tool_use' && block['id'] === callId;
    case 'tool_call_completed':
    case 'tool_call_failed':
      return block['type'] === 'tool_result' && block['tool_use_id'] === callId;
    case 'message_received':
      return role === 'assistant' && block['type'] === 'text' && block['text'] === data['content'];
    case 'message_sent': {
      const { text } = block;
      const said = data['content'];
      return role === 'user' && typeof text === 'string' && typeof said === 'string' && text.includes(said);
    }
    default:
      return false;
  }
}
