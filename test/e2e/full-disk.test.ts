// A real full disk: a file system of 600 KiB, mounted for the test alone in a namespace of its own (Linux; root or user
// namespaces). The quickstart fills it, says so, and goes on from there once there is room.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';

const bin = resolve('bin/runlog.js');
const folder = mkdtempSync(join(tmpdir(), 'runlog-full-'));
const disk = join(folder, 'disk');
const url = `sqlite:///${join(disk, 'run.db')}`;

const script = `
mkdir -p "$DISK"
mount -t tmpfs -o size=600k tmpfs "$DISK" || exit 99
"$NODE" "$BIN" quickstart --store "$URL" >"$OUT/first.txt" 2>"$OUT/first.err"; echo "first $?"
"$NODE" "$BIN" runs "$URL" >"$OUT/runs.txt" 2>"$OUT/runs.err"; echo "runs $?"
mount -o remount,size=50m "$DISK"
"$NODE" "$BIN" quickstart --store "$URL" >"$OUT/second.txt" 2>"$OUT/second.err"; echo "second $?"
grep -o 'quickstart, .*' "$OUT/second.txt"
echo "error: $(grep '^error:' "$OUT/first.err")"
echo "frames $(grep -c '    at ' "$OUT/first.err")"
`;

let output: readonly string[] = [];

beforeAll(() => {
  const asUser = process.getuid?.() === 0 ? [] : ['--map-root-user'];
  const env = { ...process.env, DISK: disk, OUT: folder, URL: url, NODE: process.execPath, BIN: bin };
  const ran = execFileSync('unshare', ['--mount', ...asUser, 'sh', '-c', script], { env, encoding: 'utf8' });
  output = ran.trim().split('\n');
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('a full disk ends the run with exit code 1 and one clear sentence', () => {
  expect(output).toContain('first 1');
  expect(output.find((line) => line.startsWith('error: '))).toMatch(/full|no space/i);
});

test('it prints no stack trace', () => {
  expect(output).toContain('frames 0');
});

test('what was stored before can still be read', () => {
  expect(output).toContain('runs 0');
});

test('with room on the disk the same command goes on to the same history', () => {
  const undisturbed = execFileSync(
    process.execPath,
    [bin, 'quickstart', '--store', `sqlite:///${join(folder, 'roomy.db')}`],
    {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    },
  );
  const head = /quickstart, \d+ events, head [0-9a-f]{64}/.exec(undisturbed)?.[0];
  expect(output).toContain('second 0');
  expect(output).toContain(head);
});
