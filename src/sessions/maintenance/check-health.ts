/** Decides what a look at the health of sessions says: what the look at the whole store found, and what is wrong with their artifacts. */
import { checkArtifacts } from '../artifacts/check-artifacts.ts';
import type { MaintenanceContext } from './context.ts';

export async function checkHealth({
  store,
  artifacts,
  findings,
}: MaintenanceContext): Promise<readonly string[]> {
  const sentences = [...((await findings?.()) ?? [])];
  if (artifacts === undefined) return sentences;
  for await (const { problem, key, sessionId, detail } of checkArtifacts({ log: store, artifacts })) {
    const whose = sessionId === null ? '' : ` of session '${sessionId}'`;
    sentences.push(`Artifact '${key}'${whose} is ${wordOf[problem]}: ${detail}.`);
  }
  return sentences;
}

const wordOf = {
  missing: 'missing',
  corrupted: 'damaged',
  different: 'another one',
  orphan: 'named by nobody',
} as const;
