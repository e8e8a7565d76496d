// Puts artifacts into a folder, and says the key of each that is put, until it is killed.
import process from 'node:process';
import { fileArtifacts } from '../../../src/adapters/artifacts/file/index.ts';

const [folder = '', round = '0'] = process.argv.slice(2);
const store = fileArtifacts(folder);

async function* content(index: number): AsyncIterable<Uint8Array> {
  for (let piece = 0; piece < 8; piece += 1) yield new Uint8Array(16_384).fill(index + piece);
}

for (let index = 0; ; index += 1) {
  const key = `${round}/${index}`;
  // One key is written over and over: the old artifact or the new one is there, and nothing between.
  await store.put('changing', content(index), { ifPresent: 'replace' });
  await store.put(key, content(index));
  process.stdout.write(`${key}\n`);
}
