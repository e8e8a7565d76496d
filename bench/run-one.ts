// One benchmark in a process of its own: measures, and writes its figures and the most memory that it had into a file.
// Arguments: name, rounds, file.
import { writeFileSync } from 'node:fs';
import { loadavg, availableParallelism } from 'node:os';
import { argv, resourceUsage } from 'node:process';
import { commitNow, type Section } from './harness/report.ts';
import { questions } from './questions.ts';

const [, , name = '', rounds = '', file = ''] = argv;
const question = questions[name];
if (question === undefined) throw new Error(`there is no benchmark ${name}`);
const loadBefore = (loadavg()[0] ?? Number.NaN) / availableParallelism();
const bench = await question.load();
const start = performance.now();
const figures = await bench(Number(rounds));
const seconds = (performance.now() - start) / 1000;
const measured = { at: new Date().toISOString(), commit: commitNow() };
const section: Section = {
  name,
  ...measured,
  seconds,
  peakMb: resourceUsage().maxRSS / 1024,
  loadBefore,
  figures,
};
writeFileSync(file, JSON.stringify(section));
