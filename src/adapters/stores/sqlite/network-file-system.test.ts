// Which file systems count as reached over a network.
import { expect, test } from 'vitest';
import { networkFileSystem } from './network-file-system.ts';

test.each([
  [0x6969, 'NFS'],
  [0xff534d42, 'CIFS'],
  [0xff534d42 - 2 ** 32, 'CIFS'],
  [0x01021997, '9P'],
])('type %i is %s', (type, name) => {
  expect(networkFileSystem(type)).toBe(name);
});

test.each([0xef53, 0x01021994, 0x9123683e, 0x58465342, 0x65735546])('type %i is local', (type) => {
  expect(networkFileSystem(type)).toBeNull();
});
