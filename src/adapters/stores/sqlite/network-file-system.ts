/**
 * Decides which file systems are reached over a network: their locks do not hold between machines, and SQLite's files in
 * shared memory do not work on them. FUSE is left out, because most of what it serves is local.
 */

/** Numbers of Linux, https://www.man7.org/linux/man-pages/man2/statfs.2.html. */
const names: Readonly<Record<number, string>> = {
  0x6969: 'NFS',
  0x517b: 'SMB',
  0xff534d42: 'CIFS',
  0xfe534d42: 'SMB2',
  0x01021997: '9P',
  0x5346414f: 'AFS',
  0x73757245: 'Coda',
  0x00c36400: 'Ceph',
  0x0bd00bd0: 'Lustre',
  0x19830326: 'BeeGFS',
  0x47504653: 'GPFS',
};

/** The name of a network file system by its `statfs` type, which some platforms give with a sign; `null` for a local one. */
export function networkFileSystem(type: number): string | null {
  return names[type >>> 0] ?? null;
}
