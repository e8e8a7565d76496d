/** Decides what is shown of the memos of a run: the objects of that type, with a way to what they cite. */
import { checkedOptions, checkOptionNames } from '../../base/index.ts';
import type { GraphObject } from '../../graph/index.ts';
import { loadState } from '../../runtime/index.ts';
import { chooseRun } from '../choose-run.ts';
import { nodePlatform } from '../node-platform.ts';
import { withStore } from '../with-store.ts';
import { type Inspected, inspectNames, type InspectOptions } from './inspect-run.ts';

/** Objects that a run has made, and how those that they cite are found. */
export interface InspectedMemos {
  readonly memos: readonly GraphObject[];
  readonly find: (id: string) => GraphObject | undefined;
}

/** The objects of type `memo` of a run, as they stand at its end. */
export async function inspectMemos(
  url: string,
  options: InspectOptions = {},
): Promise<Inspected<InspectedMemos>> {
  checkOptionNames('inspectMemos', checkedOptions('inspectMemos', options), inspectNames);
  return withStore(url, 'read', async (store) => {
    const { info, isNewest } = await chooseRun(store, options.runId);
    const { tables } = await loadState(store, info.id, { wantsGraph: nodePlatform });
    const value = { memos: [...tables.objects('memo')], find: (id: string) => tables.object(id) };
    return { runId: info.id, isNewest, value };
  });
}
