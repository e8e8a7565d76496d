/** Proves, when it compiles, that the id of a run fits on a gauge and nowhere else, and that names and tags belong together. */
import { expectTypeOf } from 'vitest';
import type {
  CounterName,
  CounterSpec,
  GaugeName,
  GaugeSpec,
  HistogramSpec,
  TagsOf,
} from './metric-table.ts';
import type { Metrics } from './metrics.ts';

interface WithRun {
  readonly tool: string;
  readonly run_id: string;
}

interface WithoutRun {
  readonly tool: string;
}

type Given<Method extends keyof Metrics> = Parameters<Metrics[Method]>[1];

expectTypeOf<{ readonly [Tag in keyof WithRun]: string }>().toExtend<Given<'gauge'>>();
expectTypeOf<{ readonly [Tag in keyof WithoutRun]: string }>().toExtend<Given<'counter'>>();
expectTypeOf<{ readonly [Tag in keyof WithoutRun]: string }>().toExtend<Given<'histogram'>>();
expectTypeOf<{ readonly [Tag in keyof WithRun]: string }>().not.toExtend<Given<'counter'>>();
expectTypeOf<{ readonly [Tag in keyof WithRun]: string }>().not.toExtend<Given<'histogram'>>();

expectTypeOf<readonly ['run_id']>().toExtend<GaugeSpec['tags']>();
expectTypeOf<readonly ['run_id']>().not.toExtend<CounterSpec['tags']>();
expectTypeOf<readonly ['run_id']>().not.toExtend<HistogramSpec['tags']>();

expectTypeOf<TagsOf<'runlog_llm_failed_total'>>().toEqualTypeOf<
  Readonly<Record<'model' | 'reason', string>>
>();
expectTypeOf<'runlog_queue_depth'>().toExtend<GaugeName>();
expectTypeOf<'runlog_queue_depth'>().not.toExtend<CounterName>();
