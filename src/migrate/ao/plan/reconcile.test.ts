import { describe, expect, it } from 'vitest';
import type { OrchestratorRow } from '../map/orchestrator-row.ts';
import type { Plan } from './build-plan.ts';
import { checkSchema, filledColumns } from './check-target.ts';
import { reconcile } from './reconcile.ts';

const at = '2026-01-01T00:00:00.000Z';

function orchestratorRow(projectId: string): OrchestratorRow {
  return {
    id: `${projectId}-orchestrator`,
    projectId,
    num: 0,
    harness: 'codex',
    activityState: 'idle',
    activityLastAt: at,
    isTerminated: false,
    branch: '',
    workspacePath: '',
    agentSessionId: '',
    prompt: '',
    displayName: '',
    createdAt: at,
    updatedAt: at,
  };
}

function planOf(...ids: readonly string[]): Plan {
  return {
    projects: ids.map((id) => ({
      id,
      path: `/${id}`,
      repoOriginUrl: '',
      displayName: '',
      registeredAt: at,
      config: null,
    })),
    orchestrators: ids.map(orchestratorRow),
    transcripts: ids.map((id) => ({
      sessionId: `${id}-orchestrator`,
      uuid: 'u',
      sourceFolders: [],
      targetFolder: '',
    })),
    skipped: { projects: 1, orchestrators: 2 },
    notes: [],
    notesOnSettings: [],
  };
}

const held = (id: string, isArchived = false) => ({ id, path: `/${id}`, isArchived });

describe('reconcile', () => {
  it('4: what is there already is skipped, and keeps its transcript in view', () => {
    const existing = {
      projects: [held('a')],
      sessions: [{ id: 'a-orchestrator', projectId: 'a', num: 0 }],
    };
    const { projects, orchestrators, transcripts, skipped, notes } = reconcile(
      planOf('a', 'b'),
      existing,
      false,
    );
    expect(projects.map(({ id }) => id)).toEqual(['b']);
    expect(orchestrators.map(({ id }) => id)).toEqual(['b-orchestrator']);
    expect(transcripts).toHaveLength(2);
    expect(skipped).toEqual({ projects: 2, orchestrators: 3 });
    expect(notes.map(({ id }) => id)).toEqual(['a', 'a-orchestrator']);
  });

  it('an archived project with the same path stands in nobody’s way', () => {
    const existing = { projects: [{ ...held('old', true), path: '/a' }], sessions: [] };
    expect(reconcile(planOf('a'), existing, false).projects).toHaveLength(1);
  });

  it('64: the free number is found in the project itself', () => {
    const existing = {
      projects: [held('a'), held('b')],
      sessions: [
        { id: 'x', projectId: 'a', num: 0 },
        { id: 'y', projectId: 'a', num: 7 },
        { id: 'z', projectId: 'b', num: 3 },
      ],
    };
    const { orchestrators } = reconcile(planOf('a', 'b'), existing, false);
    expect(orchestrators.map(({ num }) => num)).toEqual([8, 0]);
  });
});

describe('checkSchema', () => {
  const columns = (table: 'projects' | 'sessions') =>
    filledColumns[table].map((name) => ({ name, isNeeded: name === 'path' }));
  const schema = {
    applied: Array.from({ length: 12 }, (_, index) => index + 1),
    projects: columns('projects'),
    sessions: columns('sessions'),
  };

  it('62: takes version 12 and every later one', () => {
    expect(checkSchema(schema, 'ao.db')).toBeNull();
    expect(checkSchema({ ...schema, applied: [...schema.applied, 82] }, 'ao.db')).toBeNull();
  });

  it('59: calls everything below too old', () => {
    expect(checkSchema({ ...schema, applied: [] }, 'ao.db')?.code).toBe('SCHEMA_TOO_OLD');
    expect(checkSchema({ ...schema, applied: schema.applied.slice(0, 11) }, 'ao.db')?.code).toBe(
      'SCHEMA_TOO_OLD',
    );
  });

  it('names a column of sessions that needs a value', () => {
    const sessions = [...schema.sessions, { name: 'owner', isNeeded: true }];
    expect(checkSchema({ ...schema, sessions }, 'ao.db')?.whatFailed).toContain(
      'sessions.owner needs a value',
    );
  });
});
