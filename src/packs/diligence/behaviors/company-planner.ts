/** Decides which goals open a company: those that begin with `Diligence:`. A company that the run has already is not opened again. */
import { behavior } from '../../../runtime/index.ts';
import { bundledCompany } from '../companies.ts';
import { companyType } from '../object-types.ts';

export const companyPlanner = behavior({
  name: 'company_planner',
  on: 'goal.created',
  when: ({ event }) => companyOfGoal(event.payload.goal) !== null,
  run: ({ event, graph }) => {
    const name = companyOfGoal(event.payload.goal);
    if (name === null) return;
    const bundled = bundledCompany(name);
    const isThere = graph.objects(companyType.name).some(({ data }) => isSameName(data['name'], name));
    if (isThere) return;
    graph.addObject(companyType, {
      name: bundled?.name ?? name,
      ticker: bundled?.ticker ?? null,
      sector: bundled?.sector ?? null,
      description: bundled?.description ?? '',
    });
  },
});

function companyOfGoal(goal: unknown): string | null {
  const name = typeof goal === 'string' ? /^Diligence:\s*(\S.*?)\s*$/s.exec(goal)?.[1] : undefined;
  return name ?? null;
}

function isSameName(stored: unknown, name: string): boolean {
  return typeof stored === 'string' && stored.toLowerCase() === name.toLowerCase();
}
