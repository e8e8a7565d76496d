// Decides what is waited for of the built files, and how much each wait counts: a command by whoever types it, a door once by a program.
import type { BuiltFile, Start } from './plan-parts.ts';

/** Help and the version are nothing but what every command begins with. */
const terminalWeight = 50;
const commandWeight = 1;
/** What a person types to look at a run again and again, where others are typed once a day or a year. */
const lookingCommands: readonly string[] = ['runs', 'status', 'inspect', 'why', 'export-trace', 'session'];
const lookingWeight = 5;
const doorWeight = 0.1;
/** What is taken for a part of another program is asked to be small. */
const smallDoors: readonly string[] = ['base', 'log', 'stores/sqlite'];
const smallDoorWeight = 3;

const terminalFiles = ['cli/main.ts', 'cli/output/print-version.ts'];
/** What every command loads before its own file. */
const beforeCommand = ['cli/main.ts', 'cli/carry-out-command.ts'];
/** What most of them load when they know their store. */
const storeFile = 'adapters/stores/sqlite/index.ts';
/** A command that never gets to its store counts for what it must not load. */
const earlyWeight = 0.01;

export function startsOf(built: readonly BuiltFile[]): readonly Start[] {
  const named = built.flatMap((file) =>
    file.facadeModuleId === null ? [] : [{ ...file, module: file.facadeModuleId.replace(/\?.*$/, '') }],
  );
  const at = (path: string) => {
    const found = named.find(({ module }) => module.endsWith(`/src/${path}`));
    if (found === undefined) throw new Error(`what a command loads is not where it was: ${path}`);
    return found;
  };
  const before = beforeCommand.map(at);
  const store = at(storeFile);
  const commands = named.filter(({ module }) => module.includes('/src/cli/commands/'));
  const names = (files: readonly BuiltFile[]) => files.map(({ fileName }) => fileName);
  return [
    { files: names(terminalFiles.map(at)), weight: terminalWeight, isDoor: false },
    ...commands.flatMap((command) => [
      { files: names([...before, command]), weight: earlyWeight, isDoor: false },
      { files: names([...before, command, store]), weight: weightOf(command.module), isDoor: false },
    ]),
    ...named
      .filter(({ isEntry, module }) => isEntry && !module.includes('/src/cli/'))
      .map(({ fileName }) => ({
        files: [fileName],
        weight: smallDoors.includes(fileName.replace(/\.js$/, '')) ? smallDoorWeight : doorWeight,
        isDoor: true,
      })),
  ];
}

function weightOf(module: string): number {
  return lookingCommands.some((name) => module.endsWith(`/${name}.ts`)) ? lookingWeight : commandWeight;
}
