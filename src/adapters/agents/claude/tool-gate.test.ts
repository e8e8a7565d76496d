import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { z } from 'zod';
import { openToolGate, type ToolGate } from './tool-gate.ts';

const settingsShape = z.object({
  disableAllHooks: z.literal(false),
  hooks: z.object({
    PreToolUse: z.tuple([
      z.object({
        matcher: z.literal('*'),
        hooks: z.tuple([z.object({ command: z.string(), timeout: z.number() })]),
      }),
    ]),
  }),
});

async function opened(): Promise<ToolGate> {
  const gate = await openToolGate();
  onTestFinished(() => gate.close());
  return gate;
}

function commandOf(gate: ToolGate): string {
  return settingsShape.parse(JSON.parse(gate.settings)).hooks.PreToolUse[0].hooks[0].command;
}

/** Asks as the program does. */
async function ask(gate: ToolGate, id: string, told = JSON.stringify({ tool_input: {}, tool_use_id: id })) {
  const child = spawn('/bin/sh', ['-c', commandOf(gate)], { stdio: ['pipe', 'pipe', 'ignore'] });
  child.stdin.end(told);
  const ended = new Promise<number | null>((resolve) => void child.once('exit', resolve));
  return { child, said: Promise.all([ended, text(child.stdout)]) };
}

describe('a tool that the program asks for', () => {
  it('begins with the word of a person, whether it was asked for before or after', async () => {
    const gate = await opened();
    gate.open('early', 'allow');
    const [late, early] = await Promise.all([ask(gate, 'late'), ask(gate, 'early')]);
    const allowed = [0, expect.stringContaining('"permissionDecision":"allow"')];
    expect(await early.said).toEqual(allowed);
    await expect.poll(() => gate.wasAsked('late'), { timeout: 5_000 }).toBe(true);
    gate.open('late', 'allow');
    expect(await late.said).toEqual(allowed);
    expect(gate.wasAsked('another')).toBe(false);
  });

  it('is left to the rules of the program where nobody was asked', async () => {
    const gate = await opened();
    gate.open('own', 'pass');
    expect(await (await ask(gate, 'own')).said).toEqual([0, '']);
  });

  it('is refused when the gate closes, and when it is closed, and nothing is left of it', async () => {
    const gate = await opened();
    const waiting = await ask(gate, 'a');
    await expect.poll(() => gate.wasAsked('a'), { timeout: 5_000 }).toBe(true);
    // A run that is stopped takes its programs along; that must not look as if there were no objection.
    waiting.child.kill('SIGTERM');
    const [, program = ''] = /'?(\S+hook\.cjs)'?/.exec(commandOf(gate)) ?? [];
    await gate.close();
    expect(await waiting.said).toEqual([2, '']);
    expect(await (await ask(gate, 'b')).said).toEqual([2, '']);
    expect(existsSync(dirname(program))).toBe(false);
  });

  it('is refused when what it was asked with cannot be read', async () => {
    const gate = await opened();
    expect(await (await ask(gate, 'a', 'nonsense')).said).toEqual([2, '']);
  });
});

it('says what to do where the folder for temporary files cannot be written', async () => {
  vi.stubEnv('TMPDIR', '/nowhere/at-all');
  onTestFinished(() => void vi.unstubAllEnvs());
  await expect(openToolGate()).rejects.toThrow(/^nothing can be put [^]+TMPDIR/);
});
