/** Decides how tools answer from recordings alone: equal arguments get the recorded result, and fail as they did then. */
import { checkArguments, type JsonObject, type Sha256 } from '../../base/index.ts';
import { toolError, toolErrorFromJson } from '../errors.ts';
import { toolOutcomeFromPayload } from '../recorded-answer.ts';
import { argsHash, type Tool, type ToolInvoker } from '../tool-port.ts';
import { loadFixture } from './fixture-file.ts';
import type { FixtureStore } from './fixture-store.ts';
import { describeNearest, nearestFixture } from './nearest-fixture.ts';

/** Where recorded answers of tools are read, and the hash that names them. */
export interface RecordedInvokerOptions {
  readonly store: FixtureStore;
  readonly sha256: Sha256;
}

/** Fails with `tool.fixture_missing` where nothing was recorded, and with `tool.fixture_malformed` where it cannot be read. */
export function recordedInvoker(options: RecordedInvokerOptions): ToolInvoker {
  checkArguments('recordedInvoker', { options: [options, 'with store'] });
  const { store, sha256 } = options;
  return Object.freeze({
    invoke: async (tool: Tool, args: JsonObject) => {
      const hash = argsHash(tool.name, args, sha256);
      const place = {
        store,
        key: toolFixtureKey(tool.name, hash),
        reason: 'tool.fixture_malformed',
      } as const;
      const file = await loadFixture(place, { tool: tool.name, args_hash: hash });
      if (file === null) throw await missing(store, tool.name, args, hash);
      const outcome = toolOutcomeFromPayload(file.body, file.origin);
      if (!outcome.ok) throw toolErrorFromJson(outcome.error);
      return outcome.answer;
    },
  });
}

/** `<tool>/<args hash>.json`. What a folder could not be called is written as its character code. */
export function toolFixtureKey(tool: string, hash: string): string {
  return `${toolFolder(tool)}/${hash}.json`;
}

function toolFolder(tool: string): string {
  return tool.replace(
    /[^A-Za-z0-9_.-]|^\./g,
    (found) => `%${found.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

async function missing(store: FixtureStore, tool: string, args: JsonObject, hash: string): Promise<Error> {
  const nearest = await nearestFixture({ store, prefix: `${toolFolder(tool)}/`, field: 'args', asked: args });
  const message = `No call of tool '${tool}' with arguments ${hash} is recorded in ${store.where}.`;
  const extras = { tool, args_hash: hash, fixtures_dir: store.where };
  if (nearest === null) return toolError('tool.fixture_missing', message, extras);
  return toolError('tool.fixture_missing', `${message} ${describeNearest(nearest)}`, {
    ...extras,
    nearest: { ...nearest },
  });
}
