/** Decides what `ctx` is: time, chance, settings and the outside world, each as a replay will see it again. */
import { type Random, seededRandom } from '../../base/index.ts';
import type { LogEvent } from '../../log/index.ts';
import type { Changes, Relation } from '../../graph/index.ts';
import type { Context } from '../behavior.ts';
import type { Engine, InstalledBehavior } from '../engine.ts';
import type { ToolCalls } from './tool-calls.ts';

/** What of an invocation its handler can reach. */
export interface ContextSource {
  readonly engine: Engine;
  readonly behavior: InstalledBehavior;
  readonly event: LogEvent;
  readonly relation: Relation | null;
  readonly started: LogEvent;
  readonly changes: Changes;
  readonly toolCalls: ToolCalls;
  checkNotOver(method: string): void;
}

export function handlerContext(source: ContextSource): Context<never> {
  const { engine, behavior, event, relation, started } = source;
  const seed = [engine.seed, event.id, behavior.name, relation?.id ?? ''].join('\n');
  let random: Random | null = null;
  return Object.freeze({
    behavior: behavior.name,
    frame: engine.frame,
    settings: behavior.settings as never,
    packSettings: (name: string) => engine.settings.get(name),
    get random() {
      random ??= seededRandom(engine.platform.sha256(seed));
      return random;
    },
    timestamp: started.timestamp,
    signal: engine.signal,
    callTool: (name: string, args: object) => source.toolCalls.call(name, args),
    proposeObject: (type: string, data: object, reason = '') => {
      source.checkNotOver('ctx.proposeObject');
      return source.changes.proposeObject(type, data, { reason, pack: behavior.owner });
    },
  });
}
