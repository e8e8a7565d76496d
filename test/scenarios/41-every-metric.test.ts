/** Scenario 41, continued: one scenario moves every metric of runs, each with exactly its tags. */
import { metricSpec, metricTable, runMetrics } from 'runlog/base';
import { beforeAll, describe, expect, it } from 'vitest';
import { driveBroken, driveObserved } from '../harness/observe/observed-run.ts';
import { recordedMetrics } from '../harness/observe/recorded-metrics.ts';

const metrics = recordedMetrics();
beforeAll(() => driveObserved({ metrics }));

describe('the metrics of a run', () => {
  it('are all moved', () => {
    const moved = new Set(metrics.calls.map(({ name }) => name));
    expect([...moved].toSorted()).toEqual(Object.keys(runMetrics).toSorted());
  });

  it('are moved by the method of their kind, with their tags and no others', () => {
    const wrong = metrics.calls.filter(({ kind, name, tags }) => {
      const spec = metricSpec(name);
      return spec?.kind !== kind || Object.keys(tags).sort().join() !== [...spec.tags].sort().join();
    });
    expect(wrong).toEqual([]);
  });

  it('never carry the id of a run but on a gauge', () => {
    const carriers = metrics.calls.filter(({ tags }) => 'run_id' in tags);
    expect(carriers.length).toBeGreaterThan(0);
    expect(carriers.filter(({ kind }) => kind !== 'gauge')).toEqual([]);
    const declared = Object.values(metricTable).filter(({ tags }) => tags.some((tag) => tag === 'run_id'));
    expect(declared.filter(({ kind }) => kind !== 'gauge')).toEqual([]);
  });

  it('count what is durable: no event that a broken store did not take, and each that it took once', async () => {
    const heard = recordedMetrics();
    const events = await driveBroken({ metrics: heard });
    expect(heard.calls.filter(({ name }) => name === 'runlog_events_emitted_total')).toHaveLength(events);
    const diverged = heard.calls.filter(({ name }) => name === 'runlog_replay_divergence_detected_total');
    expect(diverged.map(({ tags }) => tags)).toEqual([{ reason: 'payload_mismatch' }]);
  });

  it('are named by their kind and unit', () => {
    const wrong = Object.entries(metricTable).filter(([name, spec]) => {
      if (spec.kind === 'counter') return !name.endsWith('_total');
      if (spec.kind === 'gauge') return name.endsWith('_total');
      return spec.unit === 'tokens' ? !name.includes('_tokens_') : !name.endsWith(`_${spec.unit}`);
    });
    expect(wrong).toEqual([]);
  });
});

describe('what they say', () => {
  const value = (name: string): readonly number[] =>
    metrics.calls.filter((call) => call.name === name).map((call) => call.value);

  it('counts what was asked apart from what a record answered', () => {
    // Four questions in the run; the fork asks the first two again, and both are answered from the record.
    expect(value('runlog_llm_calls_total')).toHaveLength(4);
    expect(value('runlog_llm_cache_hits_total')).toHaveLength(2);
    expect(value('runlog_tools_calls_total')).toHaveLength(2);
    expect(value('runlog_tools_cache_hits_total')).toHaveLength(1);
  });

  it('sums to what the run cost', () => {
    expect(value('runlog_llm_cost_usd').reduce((sum, cost) => sum + cost, 0)).toBeCloseTo(0.03, 10);
    expect(value('runlog_budget_cost_remaining_usd').at(-1)).toBeCloseTo(0.97, 10);
  });

  it('names failures by their reason', () => {
    expect(metrics.lines().filter((line) => /failed_total|divergence/.test(line))).toEqual([
      'tools_failed_total{tool=broken,reason=tool.execution_error}',
      'behaviors_failed_total{behavior=asker,reason=tool.execution_error}',
      'behaviors_failed_total{behavior=asker,reason=llm.refused}',
      'llm_failed_total{model=scripted,reason=llm.refused}',
      'replay_divergence_detected_total{reason=type_mismatch}',
    ]);
  });
});
