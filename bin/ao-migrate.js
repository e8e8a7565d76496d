#!/usr/bin/env node
// The command `ao-migrate`: `runlog ao migrate` under a name that a wrapper can call. An old Node is answered there.
const isQuestion = /^(-V|--version)$/.test(process.argv[2] || '');
if (!isQuestion) process.argv.splice(2, 0, 'ao', 'migrate');
import('./runlog.js').catch(function (error) {
  process.stderr.write('ao-migrate could not start: ' + ((error && error.stack) || String(error)) + '\n');
  process.exitCode = 1;
});
