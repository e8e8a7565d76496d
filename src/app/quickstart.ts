/** Decides that the quickstart is loaded when it is used: its documents and schemas are not the business of every program. */
import type { QuickstartOptions, QuickstartReport } from './run-quickstart.ts';

/** Runs the bundled Diligence pack over three companies, or takes up where an earlier call stopped, then forks the run. */
export async function quickstart(options: QuickstartOptions): Promise<QuickstartReport> {
  const { runQuickstart } = await import('./run-quickstart.ts');
  return runQuickstart(options);
}
