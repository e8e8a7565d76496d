// Reads the house from disk: the sources, the table of the architecture page, and which rooms are pure.
import { globSync, readFileSync } from 'node:fs';
import ts from 'typescript';
import { type House, buildHouse } from './house.ts';
import { parseRoomsTable } from './rooms-table.ts';

const sourceGlobs = ['{src,test,scripts,bench,examples}/**/*.ts', '*.config.ts', 'bin/*.js'];

export function readHouse(): House {
  const paths = globSync(sourceGlobs, { exclude: ['**/node_modules/**'] }).map((path) =>
    path.replaceAll('\\', '/'),
  );
  const sources = Object.fromEntries(paths.sort().map((path) => [path, readFileSync(path, 'utf8')]));
  const rooms = parseRoomsTable(readFileSync('docs/internals/ARCHITECTURE.md', 'utf8'));
  return buildHouse({ sources, rooms, pureRooms: readPureRooms() });
}

/** The compiler settings that take the platform away are the list of pure rooms. */
function readPureRooms(): string[] {
  const text = readFileSync('tsconfig.pure.json', 'utf8');
  const { config } = ts.parseConfigFileTextToJson('tsconfig.pure.json', text) as {
    config: { include: string[] };
  };
  return config.include.map((folder) => folder.replace('src/', ''));
}
