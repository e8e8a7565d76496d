/** Decides how a person is told of one thing that the migration did not simply take over. */

export interface Note {
  /** `home`: what is not about one project. */
  readonly scope: 'home' | 'project' | 'orchestrator';
  /** Of the project, the session, or the file that it is about. */
  readonly id: string;
  readonly text: string;
}

export function homeNote(id: string, text: string): Note {
  return { scope: 'home', id, text };
}

export function projectNote(id: string, text: string): Note {
  return { scope: 'project', id, text };
}

export function orchestratorNote(id: string, text: string): Note {
  return { scope: 'orchestrator', id, text };
}
