// Edge cases 52 to 55: transcripts on their way. Each test begins with its number.
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { olderTranscriptSlug, transcriptSlug } from '../../../src/migrate/ao/map/transcript-slug.ts';
import { legacyHome, type LegacyHome, orchestrator, uuid } from './legacy-home.ts';

function homeWith(worktreeOf: (home: LegacyHome) => string): LegacyHome {
  const home = legacyHome();
  home.registry({ fin: { sessionPrefix: 'fin' } });
  const worktree = worktreeOf(home);
  home.session('fin', 'fin-orchestrator', orchestrator({ worktree, claudeSessionUuid: uuid }));
  return home;
}

const inPlace = (home: LegacyHome): string => home.transcript('wt');

it('52: a transcript that is at its place already is not touched', async () => {
  const home = homeWith(inPlace);
  home.write(home.target('fin', 'fin-orchestrator'), 'other');
  expect(await home.migrate()).toMatchObject({ code: 0, orchestrators: [1, 0, 0], relocated: 0 });
  expect(readFileSync(home.target('fin', 'fin-orchestrator'), 'utf8')).toBe('other');
});

it('53: a transcript that is nowhere is told, and the row is there', async () => {
  const home = homeWith((made) => made.at('wt'));
  expect(await home.notes()).toContain(`transcript ${uuid}.jsonl is not there - it resumes without`);
  expect(await home.migrate()).toMatchObject({ code: 0, orchestrators: [1, 0, 0], relocated: 0 });
});

it('54: a worktree behind a link is found under the name of its target', async () => {
  const home = homeWith((made) => {
    made.transcript('real/wt');
    symlinkSync(made.at('real'), made.at('link'));
    return made.at('link/wt');
  });
  expect(await home.migrate()).toMatchObject({ relocated: 1 });
});

it('55: a data folder behind a link is named as the daemon names it, resolved', async () => {
  const home = homeWith(inPlace);
  mkdirSync(home.at('disk'));
  symlinkSync(home.at('disk'), home.at('.ao'));
  expect(await home.migrate()).toMatchObject({ relocated: 1 });
  const dataDir = join(realpathSync(home.at('disk')), 'data');
  expect(home.exists(home.target('fin', 'fin-orchestrator', uuid, dataDir))).toBe(true);
  expect(home.exists(home.target('fin', 'fin-orchestrator'))).toBe(false);
});

it('a transcript under the older name of its folder is found', async () => {
  const home = homeWith((made) => made.transcript('w_t.x', uuid, olderTranscriptSlug));
  expect(olderTranscriptSlug(home.at('w_t.x'))).not.toBe(transcriptSlug(home.at('w_t.x')));
  expect(await home.migrate()).toMatchObject({ relocated: 1 });
});

it('the folder of its sub-agents comes along, the source stays, and nothing else is left', async () => {
  const home = homeWith(inPlace);
  const source = home.at('.claude/projects', transcriptSlug(home.at('wt')));
  home.write(join(source, uuid, 'subagents/a.jsonl'), '{}\n');
  await home.migrate();
  const target = dirname(home.target('fin', 'fin-orchestrator'));
  expect(readdirSync(target).sort()).toEqual([uuid, `${uuid}.jsonl`]);
  expect(readFileSync(join(target, uuid, 'subagents/a.jsonl'), 'utf8')).toBe('{}\n');
  expect(readFileSync(join(target, `${uuid}.jsonl`))).toEqual(readFileSync(join(source, `${uuid}.jsonl`)));
  expect(statSync(join(target, `${uuid}.jsonl`)).mtimeMs).toBe(
    statSync(join(source, `${uuid}.jsonl`)).mtimeMs,
  );
});

it('what a killed run left is removed where the copy is whole, too', async () => {
  const home = homeWith(inPlace);
  await home.migrate();
  const folder = dirname(home.target('fin', 'fin-orchestrator'));
  home.write(join(folder, `.${uuid}.jsonl.ao-migrate-999999999`), 'a second name');
  await home.migrate();
  expect(readdirSync(folder)).toEqual([`${uuid}.jsonl`]);
});

it('what a killed run left is removed, and the copy is made anew', async () => {
  const home = homeWith(inPlace);
  const target = home.target('fin', 'fin-orchestrator');
  home.write(join(dirname(target), `.${uuid}.jsonl.ao-migrate-999999999`), 'half');
  expect(await home.migrate()).toMatchObject({ relocated: 1 });
  expect(readdirSync(dirname(target))).toEqual([`${uuid}.jsonl`]);
});

it('a run after one that was killed before its copies makes them, though the rows are there', async () => {
  const home = homeWith((made) => made.at('wt'));
  await home.migrate();
  home.transcript('wt');
  expect(await home.migrate()).toMatchObject({ orchestrators: [0, 1, 0], relocated: 1 });
});

it('a copy that fails is told, and the row is there', async () => {
  const home = homeWith(inPlace);
  writeFileSync(dirname(home.target('fin', 'fin-orchestrator')), 'in the way');
  const { code, out } = await home.run([]);
  expect(code).toBe(0);
  expect(out).toContain(`transcript ${uuid} could not be copied: `);
  expect(home.orchestrators).toHaveLength(1);
});

it('a copy that fails is told beside the object, too, and made by the next run', async () => {
  const home = homeWith(inPlace);
  const folder = dirname(home.target('fin', 'fin-orchestrator'));
  writeFileSync(folder, 'in the way');
  const first = await home.migrate();
  expect([first.code, first.relocated, first.orchestrators]).toEqual([0, 0, [1, 0, 0]]);
  expect(first.err).toContain(`transcript ${uuid} could not be copied: `);
  expect((await home.run([])).out).toContain('Transcripts: 0 relocated, 1 failed');
  rmSync(folder);
  const second = await home.migrate();
  expect([second.code, second.relocated]).toEqual([0, 1]);
  expect(second.err).not.toContain('transcript');
});

it('a transcript that is not there is told once', async () => {
  const home = homeWith((made) => made.at('wt'));
  expect((await home.run([])).out).toContain('is not there');
  expect((await home.run([])).out).not.toContain('is not there');
});

it('a text that is no transcript is copied, and told', async () => {
  const home = homeWith(inPlace);
  home.write(home.at('.claude/projects', transcriptSlug(home.at('wt')), `${uuid}.jsonl`), 'not json\n');
  expect(await home.notes()).toContain(`transcript ${uuid}: its first line is no JSON object`);
  expect(await home.migrate()).toMatchObject({ relocated: 1 });
});

it('CLAUDE_CONFIG_DIR moves both ends', async () => {
  const home = homeWith((made) => made.at('wt'));
  mkdirSync(home.at('wt'));
  home.write(home.at('claude/projects', transcriptSlug(home.at('wt')), `${uuid}.jsonl`), '{}\n');
  expect(await home.migrate([], { CLAUDE_CONFIG_DIR: home.at('claude') })).toMatchObject({ relocated: 1 });
  expect(existsSync(home.at('.claude'))).toBe(false);
});
