#!/usr/bin/env node
// The command `runlog`. It has no static import and only old syntax, so that an old Node answers with a sentence.
const needed = [22, 18];
const found = process.versions.node.split('.').map(Number);

if (found[0] < needed[0] || (found[0] === needed[0] && found[1] < needed[1])) {
  refuse(
    'runlog needs Node ' +
      needed.join('.') +
      ' or newer, found ' +
      process.versions.node +
      '; install Node 24 from https://nodejs.org/en/download and run the command again.\n',
  );
} else {
  start().catch(function (error) {
    process.stderr.write('runlog could not start: ' + startFailure(error) + '\n');
    process.exitCode = 1;
  });
}

// Node hands on that there are no file descriptors left under several codes; where it happened says nothing to anybody.
function startFailure(error) {
  if (/EMFILE|ENFILE|too many open files/i.test((error && error.code) + ' ' + error))
    return 'there are too many open files; raise the limit, such as with `ulimit -n 1024`, and run the command again.';
  return (error && error.stack) || String(error);
}

// Whoever calls `ao migrate` reads its object, and knows no other exit code than 1.
function refuse(sentence) {
  if (process.argv[2] !== 'ao') {
    process.stderr.write(sentence);
    process.exitCode = 2;
    return;
  }
  if (process.argv.includes('--json')) {
    const none = '"created":0,"skipped":0,"failed":0';
    process.stdout.write(
      `{"dbCreated":false,"schemaVersion":0,"projects":{${none}},"orchestrators":{${none},"relocatedTranscripts":0}}\n`,
    );
  }
  process.stderr.write('Migration refused (BETTER_SQLITE3_UNAVAILABLE): ' + sentence);
  process.exitCode = 1;
}

async function start() {
  hideSqliteWarning();
  process.stdout.on('error', leaveToWriter);
  process.stderr.on('error', leaveToWriter);
  // An import of these would load all that their names lead to, such as streams of files.
  process.getBuiltinModule('node:module').enableCompileCache();
  const main = new URL('../dist/cli/main.js', import.meta.url);
  if (!process.getBuiltinModule('node:fs').existsSync(main)) {
    process.stderr.write('runlog is not built: dist/ is missing; run `./dev build` in the repository.\n');
    process.exitCode = 1;
    return;
  }
  let isDone = false;
  process.on('exit', function (code) {
    if (isDone || code !== 0) return;
    process.exitCode = 1;
    process.stderr.write(
      'error: runlog ended in the middle of its work: something it waited for never answers.\n',
    );
  });
  const cli = await import(main.href);
  process.on('uncaughtException', async function (error) {
    isDone = true;
    process.exit(await cli.tellUncaught(error, process.argv.slice(2)));
  });
  process.exitCode = await cli.main(process.argv.slice(2));
  isDone = true;
}

// Node 22 announces node:sqlite as experimental on first use; every other warning passes.
function hideSqliteWarning() {
  const emitWarning = process.emitWarning;
  process.emitWarning = function (warning, ...rest) {
    const type = typeof rest[0] === 'object' && rest[0] !== null ? rest[0].type : rest[0];
    if (type === 'ExperimentalWarning' && /sqlite/i.test(String(warning))) return;
    emitWarning.call(process, warning, ...rest);
  };
}

// A reader that went away (`runlog export-trace | head`) is no failure, and a full disk is told by whoever writes.
function leaveToWriter() {}
