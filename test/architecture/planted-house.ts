// Builds small houses in memory with a violation planted in them, to see each rule bite.
import { buildHouse, type House } from './house.ts';
import { parseRoomsTable } from './rooms-table.ts';

const table = `
| floor | room | decides | may import |
|---|---|---|---|
| 0 | \`base\` | ids | - |
| 1 | \`log\` | events | \`base\` |
| 2 | \`packs\` | packs | \`base\`, \`log\` |
| 3 | \`view\` | words | \`base\`, \`log\` (types) |
| 4 | \`adapters\` | hands | \`base\`, \`log\` |
`;

export function plant(sources: Readonly<Record<string, string>>): House {
  return buildHouse({ sources, rooms: parseRoomsTable(table), pureRooms: ['base', 'log', 'packs', 'view'] });
}

export function lines(count: number): string {
  return 'x;\n'.repeat(count);
}
