/** Decides how little of a disk the readers need, and that all of it is reading: nothing here can change a file. */

export type FileText =
  | { readonly state: 'text'; readonly text: string }
  | { readonly state: 'absent' }
  /** There, and not to be read: no right to, a folder, a broken disk. */
  | { readonly state: 'unreadable'; readonly reason: string };

export interface FolderEntry {
  readonly name: string;
  /** Also when a symbolic link leads to one. */
  readonly isFolder: boolean;
  readonly isLink: boolean;
}

export type FolderList =
  | { readonly state: 'entries'; readonly entries: readonly FolderEntry[] }
  | { readonly state: 'absent' }
  | { readonly state: 'unreadable'; readonly reason: string };

/** Nothing of it throws; what cannot be found out is `absent`, `unreadable`, `null` or an empty text. */
export interface LegacyFiles {
  read(path: string): FileText;
  /** In the order of the names. */
  list(path: string): FolderList;
  /** When the file was last written, in milliseconds since 1970. */
  modifiedMs(path: string): number | null;
  isFolder(path: string): boolean;
  /** Without symbolic links; `null` when there is nothing. */
  realPath(path: string): string | null;
  /** Without symbolic links as far as folders are there; the rest is appended as it is. */
  resolvedPath(path: string): string;
  /** What git calls `origin` in a folder; empty when there is none. */
  originOf(path: string): string;
}
