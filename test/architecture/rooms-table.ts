// Reads the table of rooms out of the architecture page. The page is the rule; nothing here repeats it.
import type { Room } from './house.ts';

const header = /^\|\s*floor\s*\|\s*room\s*\|\s*decides\s*\|\s*may import\s*\|$/;

export function parseRoomsTable(markdown: string): Map<string, Room> {
  const lines = markdown.split('\n');
  const start = lines.findIndex((line) => header.test(line.trim()));
  if (start === -1) throw new Error('no table with the columns: floor, room, decides, may import');
  const rooms = new Map<string, Room>();
  for (const line of lines.slice(start + 2)) {
    if (!line.startsWith('|')) break;
    const room = parseRow(line);
    if (rooms.has(room.name)) throw new Error(`the table has two rows for ${room.name}`);
    rooms.set(room.name, room);
  }
  return rooms;
}

function parseRow(line: string): Room {
  const [floor = '', name = '', , imports = ''] = line
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim());
  const room = /^`([a-z]+)`$/.exec(name)?.[1];
  if (room === undefined || !/^\d+$/.test(floor)) throw new Error(`not a row of the rooms table: ${line}`);
  const mayImport = new Set<string>();
  const mayImportTypes = new Set<string>();
  for (const entry of imports === '-' ? [] : imports.split(',')) {
    const [, imported, typesOnly] = /^`([a-z]+)`( \(types\))?$/.exec(entry.trim()) ?? [];
    if (imported === undefined) throw new Error(`cannot read '${entry.trim()}' in the row of ${room}`);
    (typesOnly === undefined ? mayImport : mayImportTypes).add(imported);
  }
  return { name: room, floor: Number(floor), mayImport, mayImportTypes };
}

/** What is wrong with the table itself, and where it disagrees with the folders of src/. */
export function checkRoomsTable(rooms: ReadonlyMap<string, Room>, folders: readonly string[]): string[] {
  const violations: string[] = [];
  for (const folder of folders)
    if (!rooms.has(folder)) violations.push(`src/${folder} has no row in the rooms table`);
  for (const room of rooms.values()) {
    if (!folders.includes(room.name))
      violations.push(`the rooms table has ${room.name}, but src/${room.name} does not exist`);
    for (const imported of [...room.mayImport, ...room.mayImportTypes]) {
      const target = rooms.get(imported);
      if (target === undefined) violations.push(`${room.name} may import ${imported}, which has no row`);
      else if (target.floor >= room.floor)
        violations.push(`${room.name} may import ${imported}, which is not on a lower floor`);
    }
  }
  return violations;
}
