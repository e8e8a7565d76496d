// Runs the quickstart on a file and says on standard output what is durable, line by line, and in a side file whom it asked:
// one line when a question is put. The test kills it at moments that it does not know.
import { appendFileSync, writeSync } from 'node:fs';
import { openStore } from '../../../src/app/index.ts';
import { runQuickstart } from '../../../src/app/run-quickstart.ts';
import { diligenceInvoker, diligenceModel } from '../../../src/packs/diligence/index.ts';

const [url = '', callsFile = ''] = process.argv.slice(2);
const asked = (key: string): void => appendFileSync(callsFile, `${key}\n`);

const model = diligenceModel();
const invoker = diligenceInvoker();
const store = await openStore(url);
const report = await runQuickstart({
  store,
  review: false,
  signal: new AbortController().signal,
  model: {
    ...model,
    complete: (request, options) => {
      asked(options.idempotencyKey);
      return model.complete(request, options);
    },
  },
  invoker: {
    invoke: (tool, args, context) => {
      asked(context.idempotencyKey);
      return invoker.invoke(tool, args, context);
    },
  },
  onProgress: (progress) => {
    if (progress.kind !== 'events') return;
    for (const { id, type } of progress.events) writeSync(1, `${progress.runId} ${id} ${type}\n`);
  },
});
await store.close();
writeSync(1, `done ${report.run.head.hash} ${report.fork?.head.hash ?? 'no fork'}\n`);
