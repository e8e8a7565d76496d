/** Decides what is read in the events of a command that the shell agent runs: what it said, and that not all of that was kept. */
import { isJsonObject } from '../../base/index.ts';
import type { AgentCallRequest } from '../../app/index.ts';

type StoredEvent = Parameters<NonNullable<AgentCallRequest['onStored']>>[0];

/** As much as the shell agent keeps of both outputs. */
export const cutNote = 'The output of the command was cut at 1 MiB; what came behind that is not kept.';

/** True for the event of a call whose output was cut. */
export function isCut({ data }: Pick<StoredEvent, 'data'>): boolean {
  const { tool_output: output } = data;
  return output !== undefined && isJsonObject(output) && output['truncated'] === true;
}

/** What a command said until it failed or was ended, without what was redacted. The agent keeps 1 MiB of it. */
export function outputIn({ type, data }: Pick<StoredEvent, 'type' | 'data'>): string {
  const { delta } = data;
  return type === 'message_streamed' && typeof delta === 'string' ? delta : '';
}
