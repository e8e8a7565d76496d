// One migration in a process of its own; prints the most memory that it had.
import { argv, resourceUsage, stdout } from 'node:process';
import { migrateStore } from '../../src/app/index.ts';

const [, , from = '', to = ''] = argv;
const report = await migrateStore(from, to);
if (!report.ok) throw new Error(JSON.stringify(report));
stdout.write(JSON.stringify({ peakMb: resourceUsage().maxRSS / 1024 }));
