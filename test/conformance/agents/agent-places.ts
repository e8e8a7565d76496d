// Decides how the kit of agents gets the agents of this package: a script in this process, commands, and Claude Code's streams as
// they were once recorded, played by a program.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { claudeAgent } from '../../../src/adapters/agents/claude/index.ts';
import { shellAgent } from '../../../src/adapters/agents/shell/index.ts';
import type { AgentMaker, AgentPlace } from '../../../src/conformance/index.ts';
import {
  type AgentAdapter,
  capabilityFromJson,
  scriptedAgent,
  type ScriptedScene,
  sessionError,
} from '../../../src/sessions/index.ts';
import { fakeProgram } from '../../harness/fake-program.ts';

const newCanceller = () => new AbortController();

async function play({ run, tell, signal }: ScriptedScene) {
  const content = JSON.stringify(run.input);
  await tell({ type: 'run_started', data: { model: 'parrot-1' } });
  if (run.input === 'fail') throw sessionError('provider_error', 'it could not');
  if (run.input === 'last')
    await new Promise<void>((end) => signal.addEventListener('abort', () => end(), { once: true }));
  await tell({ type: 'message_received', data: { role: 'assistant', content } });
  await tell({ type: 'token_usage_updated', data: { input_tokens: 3, output_tokens: 3 } });
  await tell({ type: 'run_completed', data: { stop_reason: 'end_turn', token_usage: {} } });
  return { output: { content }, tokenUsage: { input_tokens: 3, output_tokens: 3 } };
}

/** One that keeps its time and looks at its settings, which a script leaves to others. */
function parrot(isAway = false): AgentAdapter {
  const scripted = scriptedAgent({
    name: 'parrot',
    newCanceller,
    capabilities: [capabilityFromJson({ name: 'streaming', type: 'sampling' })],
    play: isAway ? () => Promise.reject(sessionError('provider_unavailable', 'it is not there')) : play,
  });
  const validateConfig: AgentAdapter['validateConfig'] = async (settings) => {
    if (Object.keys(settings).some((name) => name !== 'model'))
      throw sessionError('validation_error', 'a setting is not known');
  };
  const execute: AgentAdapter['execute'] = async (run, session, call) => {
    await validateConfig(call.settings ?? {});
    const playing = scripted.execute(run, session, call);
    const { timeoutMs = 0 } = call;
    if (timeoutMs > 1000) return playing;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(sessionError('provider_timeout', 'it took too long')), timeoutMs);
    });
    try {
      return await Promise.race([playing, late]);
    } catch (error) {
      await scripted.cancel(run.id).catch(() => undefined);
      throw error;
    } finally {
      clearTimeout(timer);
    }
  };
  return { ...scripted, validateConfig, execute };
}

export function parrotPlace(): AgentPlace {
  const agent = parrot();
  return {
    agent,
    away: parrot(true),
    works: { input: 'Ahoy' },
    fails: { input: 'fail' },
    lasts: { input: 'last' },
    settings: { taken: { model: 'parrot-1' }, refused: { modell: 'parrot-1' } },
    destroy: () => agent.close(),
  };
}

export const scriptedPlaces: AgentMaker = {
  name: 'an agent that follows a script',
  make: async () => parrotPlace(),
};

export const shellPlaces: AgentMaker = {
  name: 'the shell',
  make: async () => {
    const cwd = mkdtempSync(join(tmpdir(), 'runlog-shell-'));
    const agent = shellAgent({ cwd, killAfterMs: 100 });
    return {
      agent,
      away: shellAgent({ cwd, shell: join(cwd, 'no-such-shell') }),
      works: { input: 'echo one; echo two' },
      fails: { input: 'echo one; exit 3' },
      lasts: { input: 'echo one; sleep 60' },
      settings: { taken: { cwd, timeout_ms: 5000 }, refused: { timeout_ms: 'soon' } },
      destroy: async () => {
        await agent.close();
        rmSync(cwd, { recursive: true, force: true });
      },
    };
  },
};

const stream = (name: string): string => `'${resolve(`test/fixtures/claude/${name}.jsonl`)}'`;

export const claudePlaces: AgentMaker = {
  name: 'recorded streams of Claude Code',
  make: async () => {
    const program = fakeProgram(
      [
        'case "$(cat)" in',
        `  fail) cat ${stream('max-turns')}; exit 1 ;;`,
        `  last) head -n 1 ${stream('tool-loop')}; sleep 60 ;;`,
        `  *) cat ${stream('tool-loop')} ;;`,
        'esac',
      ].join('\n'),
      'claude',
    );
    const { path: command, folder: cwd } = program;
    const agent = claudeAgent({ command, cwd, killAfterMs: 100 });
    return {
      agent,
      away: claudeAgent({ command: join(cwd, 'no-such-program'), cwd }),
      works: { input: 'say hi' },
      fails: { input: 'fail' },
      lasts: { input: 'last' },
      settings: { taken: { model: 'claude-opus-5-5', max_turns: 3 }, refused: { permission_mode: 'ask me' } },
      destroy: async () => {
        await agent.close();
        program[Symbol.dispose]();
      },
    };
  },
};
