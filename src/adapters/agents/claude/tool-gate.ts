/**
 * Decides how the program is held before a tool: it asks a hook before each call, and the hook asks this process over a socket and waits
 * for the answer. Whatever breaks on the way means no: the socket closes with this process, and the hook then refuses the call.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { shellWord } from '../../../base/index.ts';
import { sessionError } from '../../../sessions/index.ts';

/** `allow`: it may, whatever the program itself thinks of it. `pass`: the program asks its own rules. */
export type GateAnswer = 'allow' | 'pass';

export interface ToolGate {
  /** What the program is given as `--settings`. */
  readonly settings: string;
  /** Lets a call begin. */
  open(toolCallId: string, answer: GateAnswer): void;
  /** True when the program has asked before this call. */
  wasAsked(toolCallId: string): boolean;
  /** Refuses whoever waits, and whoever comes. */
  close(): Promise<void>;
}

/** In seconds; as long as the longest run. A hook that the program gives up on would let the call begin. */
const hookTimeoutS = 604_800;

/** Exit code 2 is the hook's no. It does not listen to a request to end: that comes when a run is stopped, and the answer is no then. */
const hookProgram = `
process.on('SIGTERM', () => {});
let asked = '';
process.stdin.setEncoding('utf8').on('data', (text) => (asked += text)).on('end', () => {
  let answer = '';
  const socket = require('node:net').connect(process.argv[2]);
  socket.setEncoding('utf8').on('data', (text) => (answer += text)).on('error', () => {}).on('close', () => {
    if (answer === 'allow') {
      const decided = { permissionDecision: 'allow', permissionDecisionReason: 'approved' };
      process.stdout.write(JSON.stringify({ hookSpecificOutput: { hookEventName: 'PreToolUse', ...decided } }));
    } else if (answer !== 'pass') {
      process.stderr.write('nobody has let this call begin');
      process.exitCode = 2;
    }
  });
  socket.write(JSON.stringify(JSON.parse(asked).tool_use_id) + '\\n');
});
`;

/** Rejects with `ProviderUnavailableError` where no file can be put into the folder for temporary files. */
export async function openToolGate(): Promise<ToolGate> {
  try {
    return await gateIn(await mkdtemp(join(tmpdir(), 'runlog-gate-')));
  } catch (cause) {
    throw sessionError('provider_unavailable', 'nothing can be put between the program and its tools', {
      details: { folder: tmpdir() },
      whatFailed: `The operating system said: ${cause instanceof Error ? cause.message : String(cause)}.`,
      why: 'A program that asks nobody would run tools that need an approval.',
      howToFix: `Check that '${tmpdir()}' can be written and has room, or set TMPDIR to a folder that does.`,
      cause,
    });
  }
}

async function gateIn(folder: string): Promise<ToolGate> {
  const program = join(folder, 'hook.cjs');
  const path =
    process.platform === 'win32' ? `\\\\.\\pipe\\${folder.replace(/\W/g, '-')}` : join(folder, 'gate');
  await writeFile(program, hookProgram);
  const answers = new Map<string, GateAnswer>();
  const asking = new Map<string, Socket[]>();
  const known = new Set<string>();
  const sockets = new Set<Socket>();
  const ask = (toolCallId: string, socket: Socket): void => {
    known.add(toolCallId);
    const answer = answers.get(toolCallId);
    if (answer === undefined) asking.set(toolCallId, [...(asking.get(toolCallId) ?? []), socket]);
    else socket.end(answer);
  };
  const server = createServer((socket) => {
    let asked = '';
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    // Whoever asked and has gone needs no answer.
    socket.on('error', () => undefined);
    socket.setEncoding('utf8').on('data', (text: string) => {
      asked += text;
      const id = asked.endsWith('\n') ? readId(asked) : null;
      if (id !== null) ask(id, socket);
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(path, resolve);
  });
  const words = [process.execPath, program, path].map(shellWord).join(' ');
  // A shell that outlives its program says no for it.
  const command = `trap '' TERM; ${words} || exit 2`;
  const hook = { type: 'command', command, timeout: hookTimeoutS };
  return {
    settings: JSON.stringify({
      disableAllHooks: false,
      hooks: { PreToolUse: [{ matcher: '*', hooks: [hook] }] },
    }),
    open: (toolCallId, answer) => {
      answers.set(toolCallId, answer);
      for (const socket of asking.get(toolCallId) ?? []) socket.end(answer);
      asking.delete(toolCallId);
    },
    wasAsked: (toolCallId) => known.has(toolCallId),
    close: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const socket of sockets) socket.destroy();
      await Promise.race([closed, sleep(1_000)]);
      // What stays is in the folder for temporary files.
      await rm(folder, { recursive: true, force: true }).catch(() => undefined);
    },
  };
}

function readId(text: string): string | null {
  try {
    const id: unknown = JSON.parse(text);
    return typeof id === 'string' ? id : null;
  } catch {
    return null;
  }
}
