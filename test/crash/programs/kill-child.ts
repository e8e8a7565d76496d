// What `runlog conformance MODULE --kill-child REQUEST` does, without the command line around it. Arguments: the module, the request.
import process from 'node:process';
import { killChild } from '../../../src/cli/kill/kill-child.ts';

const [module = '', request = ''] = process.argv.slice(2);
await killChild(module, request);
