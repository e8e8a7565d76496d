// Decides which wrong agents, questions, maintenance and artifact stores there are: a right one with one promise broken, and the case
// that has to notice.
import type { JsonObject } from 'runlog';
import {
  agentCases,
  type AgentPlace,
  artifactStoreCases,
  type ArtifactPlace,
  maintenanceCases,
  type MaintenancePlace,
  type PortCase,
  type PortMaker,
  type PortPlace,
  queryCases,
  type QueryPlace,
} from '../../../src/conformance/index.ts';
import type { ArtifactStore } from '../../../src/effects/index.ts';
import {
  type AgentAdapter,
  type AgentCall,
  capabilityFromJson,
  type MaintenanceImplementation,
  type QueryImplementation,
} from '../../../src/sessions/index.ts';
import { scriptedPlaces } from '../agents/agent-places.ts';
import { memoryPlaces } from '../memory-places.ts';
import { memoryArtifactPlaces } from './artifact-places.ts';
import { SessionPorts } from './session-port-places.ts';

export interface WrongPort {
  /** Goes on after "an agent that", "an artifact store that" … */
  readonly name: string;
  readonly caughtBy: string;
  readonly run: (
    ask: <Place extends PortPlace>(portCase: PortCase<Place>, maker: PortMaker<Place>) => Promise<unknown>,
  ) => Promise<unknown>;
}

/** A maker whose places are those of a right one, changed. */
function wrong<Place extends PortPlace>(
  right: PortMaker<Place>,
  cases: readonly PortCase<Place>[],
): (name: string, caughtBy: string, change: (place: Place) => Partial<Place>) => WrongPort {
  return (name, caughtBy, change) => {
    const portCase = cases.find(({ id }) => id === caughtBy);
    if (portCase === undefined) throw new Error(`there is no case ${caughtBy}`);
    const make = async (): Promise<Place> => {
      const place = await right.make();
      return { ...place, ...change(place) };
    };
    return { name, caughtBy, run: (ask) => ask(portCase, { name, make }) };
  };
}

const wrongAgentPlace = wrong<AgentPlace>(scriptedPlaces, agentCases);
const agent = (name: string, caughtBy: string, twist: (inner: AgentAdapter) => Partial<AgentAdapter>) =>
  wrongAgentPlace(`an agent that ${name}`, caughtBy, (place) => ({
    agent: { ...place.agent, ...twist(place.agent) },
  }));
/** An agent whose runs are those of a right one, with another call. */
const calling = (inner: AgentAdapter, change: (call: AgentCall) => AgentCall): Partial<AgentAdapter> => ({
  execute: (run, session, call) => inner.execute(run, session, change(call)),
});

const wrongAgents: readonly WrongPort[] = [
  agent('has no name', 'identity/name-is-text', () => ({ name: ' ' })),
  agent('names one thing twice', 'identity/capabilities-have-types', () => ({
    capabilities: async () =>
      ['tool', 'prompt'].map((type) => capabilityFromJson({ name: 'streaming', type })),
  })),
  wrongAgentPlace(
    'an agent that breaks without a code when its program is not there',
    'identity/capabilities-say-what-failed',
    ({ away }) => ({ away: { ...away, capabilities: () => Promise.reject(new Error('spawn ENOENT')) } }),
  ),
  agent('takes any setting', 'identity/settings-are-looked-at', () => ({
    validateConfig: async (_settings: JsonObject) => undefined,
  })),
  agent('has no final text', 'run/answers-with-its-result', (inner) => ({
    execute: async (...given) => ({ ...(await inner.execute(...given)), output: {} }),
  })),
  agent('does not tell its end', 'run/begins-and-ends', (inner) =>
    calling(inner, (call) => ({
      ...call,
      onEvent: (event) => (event.type === 'run_completed' ? undefined : call.onEvent(event)),
    })),
  ),
  agent('leaves out who spoke', 'run/events-can-be-stored', (inner) =>
    calling(inner, (call) => ({
      ...call,
      onEvent: (event) => {
        const { role: _role, ...data } = event.data;
        return call.onEvent({ ...event, data });
      },
    })),
  ),
  agent('does not wait for its listener', 'run/one-event-at-a-time', (inner) =>
    calling(inner, (call) => ({
      ...call,
      onEvent: (event) => {
        void (async () => call.onEvent(event))().catch(() => undefined);
      },
    })),
  ),
  agent('goes on when its store is gone', 'run/stops-when-an-event-is-refused', (inner) =>
    calling(inner, (call) => ({
      ...call,
      timeoutMs: 200,
      onEvent: async (event) => {
        await (async () => call.onEvent(event))().catch(() => undefined);
      },
    })),
  ),
  agent('throws what it was thrown', 'run/failure-has-a-code', (inner) => ({
    execute: (...given) =>
      inner.execute(...given).catch((cause: unknown) => {
        throw new Error('exit 1', { cause });
      }),
  })),
  agent('is done for after a failure', 'run/works-after-a-failure', (inner) => {
    let failure: unknown = null;
    return {
      execute: async (...given) => {
        if (failure !== null) throw new Error('it failed before', { cause: failure });
        try {
          return await inner.execute(...given);
        } catch (error) {
          failure = error;
          throw error;
        }
      },
    };
  }),
  agent('speaks after its end', 'end/cancel-stops-a-run', (inner) => ({
    execute: async (run, session, call) => {
      try {
        return await inner.execute(run, session, call);
      } finally {
        setTimeout(() => void call.onEvent({ type: 'turn_completed', data: {} }), 1);
      }
    },
  })),
  agent('cancels whatever it is asked', 'end/cancel-of-an-unknown-run', (inner) => ({
    cancel: (runId) => inner.cancel(runId).catch(() => undefined),
  })),
  agent('cancels everything', 'end/cancel-stops-that-run-alone', (inner) => ({
    cancel: async (runId) => {
      await inner.cancel(runId);
      await inner.close();
    },
  })),
  agent('is deaf to its signal', 'end/signal-stops-a-run', (inner) =>
    calling(inner, ({ signal: _signal, ...call }) => ({ ...call, timeoutMs: 200 })),
  ),
  agent('ends with another code when it is closed', 'end/close-stops-everything', (inner) => ({
    execute: (...given) =>
      inner.execute(...given).catch((cause: unknown) => {
        throw new Error('closed', { cause });
      }),
  })),
  agent('says cancelled when its time is up', 'end/time-is-up', (inner) => ({
    execute: async (run, session, call) => {
      const timer = setTimeout(() => void inner.cancel(run.id).catch(() => undefined), call.timeoutMs);
      try {
        return await inner.execute(run, session, { ...call, timeoutMs: 60_000 });
      } finally {
        clearTimeout(timer);
      }
    },
  })),
  wrongAgentPlace('an agent that works with nobody there', 'end/nobody-there', (place) => ({
    away: place.agent,
  })),
];

const query = (name: string, caughtBy: string, twist: Twist<QueryImplementation<never>>) =>
  wrong<QueryPlace>(new SessionPorts(memoryPlaces()).query, queryCases)(
    `a query that ${name}`,
    caughtBy,
    (place) => ({
      query: [{ ...place.query[0], ...twist(place.query[0]) }, place.query[1]],
    }),
  );
type Twist<Implementation> = (inner: Implementation) => Partial<Implementation>;

const wrongQueries: readonly WrongPort[] = [
  query('holds to a context of its own', 'ref/context-comes-first', () => ({
    searchSessions: () => Promise.reject(new Error('another store')),
  })),
  query('forgets an agent', 'sessions/by-every-filter', (inner) => ({
    searchSessions: (context, { agentId: _agentId, ...filter }) => inner.searchSessions(context, filter),
  })),
  query('shows what was deleted', 'sessions/marked-are-left-out', (inner) => ({
    searchSessions: (context, filter) => inner.searchSessions(context, { ...filter, includeDeleted: true }),
  })),
  query('counts the events of all sessions', 'events/by-every-filter', (inner) => ({
    countEvents: (context) => inner.countEvents(context, {}),
  })),
  query('has no end', 'pages/are-the-whole-answer', (inner) => ({
    searchRuns: (context, { cursor: _cursor, ...filter }) => inner.searchRuns(context, filter),
  })),
  query('takes a cursor of another question', 'pages/cursor-belongs-to-its-question', (inner) => ({
    searchEvents: (context, { cursor: _cursor, ...search }) => inner.searchEvents(context, search),
  })),
  query('begins anew with a cursor that it cannot read', 'pages/cursor-cannot-be-made-up', (inner) => ({
    searchSessions: async (context, filter) => {
      const { cursor: _cursor, ...rest } = filter;
      return inner.searchSessions(context, filter).catch(() => inner.searchSessions(context, rest));
    },
  })),
  query('mends a limit', 'pages/limits-are-whole-and-bounded', (inner) => ({
    searchRuns: (context, filter) =>
      inner.searchRuns(context, { ...filter, limit: Math.min(Math.max(filter.limit ?? 50, 1), 1000) }),
  })),
  query('leaves out what nobody knows the price of', 'sums/what-it-cost', (inner) => ({
    getCostSummary: async (context, filter) => ({
      ...(await inner.getCostSummary(context, filter)),
      unmapped: [],
    }),
  })),
  query('sums money as fractions of two', 'sums/what-it-cost', (inner) => ({
    getCostSummary: async (context, filter) => {
      const summary = await inner.getCostSummary(context, filter);
      return { ...summary, totalCostUsd: String(0.1 + 0.2 + 1e-7) };
    },
  })),
];

const maintenance = (name: string, caughtBy: string, twist: Twist<MaintenanceImplementation<never>>) =>
  wrong<MaintenancePlace>(new SessionPorts(memoryPlaces()).maintenance, maintenanceCases)(
    `a maintenance that ${name}`,
    caughtBy,
    ({ maintenance: [inner, context] }) => ({ maintenance: [{ ...inner, ...twist(inner) }, context] }),
  );

const wrongMaintenance: readonly WrongPort[] = [
  maintenance('works on another store', 'ref/context-comes-first', () => ({
    healthCheck: () => Promise.reject(new Error('another store')),
  })),
  maintenance('marks what is pinned', 'mark/not-what-is-exempt', (inner) => ({
    softDelete: (context, policy, options) =>
      inner.softDelete(context, { ...policy, exemptTags: [] }, options),
  })),
  maintenance('removes what was marked today', 'remove/with-everything', (inner) => ({
    hardDelete: (context, policy, options) =>
      inner.hardDelete(context, { ...policy, hardDeleteAfterDays: 1 }, options),
  })),
  maintenance('prunes whatever is oldest', 'prune/oldest-of-the-first-types-first', (inner) => ({
    prune: (context, id, policy, options) =>
      inner.prune(context, id, { ...policy, pruneEventTypesFirst: [] }, options),
  })),
  maintenance('does what it should tell', 'round/dry-run-tells-and-changes-nothing', (inner) => ({
    dryRun: async (context, policy, options) => ({
      ...(await inner.execute(context, policy, options)),
      isDryRun: true,
    }),
  })),
  maintenance('passes over what it does not know', 'round/no-policy-that-cannot-be-meant', (inner) => ({
    execute: async (context, policy, options) => {
      try {
        return await inner.execute(context, policy, options);
      } catch {
        return inner.execute(context, {}, options);
      }
    },
  })),
  maintenance('always has something to say', 'round/health-is-empty-when-nothing-is-wrong', () => ({
    healthCheck: async () => ['some events are old'],
  })),
];

const artifacts = (name: string, caughtBy: string, twist: (inner: ArtifactStore) => Partial<ArtifactStore>) =>
  wrong<ArtifactPlace>(memoryArtifactPlaces, artifactStoreCases)(
    `an artifact store that ${name}`,
    caughtBy,
    (place) => ({
      open: async () => {
        const inner = await place.open();
        return { ...inner, ...twist(inner) };
      },
    }),
  );

const wrongArtifacts: readonly WrongPort[] = [
  artifacts('keeps the first bytes without a word', 'put/taken', (inner) => ({
    put: async (key, ...rest) => inner.put(key, ...rest).catch(() => inner.head(key)),
  })),
  wrong<ArtifactPlace>(memoryArtifactPlaces, artifactStoreCases)(
    'an artifact store that has nothing when its place is away',
    'place/away-is-told',
    ({ open }) => ({ outside: { neighbour: open, away: open, nowhere: open } }),
  ),
  wrong<ArtifactPlace>(memoryArtifactPlaces, artifactStoreCases)(
    'an artifact store that shares its keys with its neighbour',
    'place/neighbours-are-apart',
    ({ open }) => ({ outside: { neighbour: open, away: open, nowhere: open } }),
  ),
  wrong<ArtifactPlace>(memoryArtifactPlaces, artifactStoreCases)(
    'an artifact store that opens nowhere',
    'place/nowhere-is-refused',
    ({ open }) => ({ outside: { neighbour: open, away: open, nowhere: open } }),
  ),
];

export const wrongPorts: readonly WrongPort[] = [
  ...wrongAgents,
  ...wrongQueries,
  ...wrongMaintenance,
  ...wrongArtifacts,
];
