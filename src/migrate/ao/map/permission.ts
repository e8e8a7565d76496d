/** Decides what an agent of the rewrite may do, by what the legacy tool let it do. */

export interface MappedPermission {
  /** `null`: write nothing. */
  readonly value: string | null;
  /** What a person has to know about it. */
  readonly note: string | null;
}

const exact: Readonly<Record<string, string>> = {
  permissionless: 'bypass-permissions',
  skip: 'bypass-permissions',
  'auto-edit': 'accept-edits',
  default: 'default',
};

export function mapPermission(value: unknown, of: string, strictParity: boolean): MappedPermission {
  if (value === undefined || value === null || value === '') return { value: null, note: null };
  const word = typeof value === 'string' ? value.trim() : JSON.stringify(value);
  const mapped = Object.hasOwn(exact, word) ? exact[word] : undefined;
  if (mapped !== undefined) return { value: mapped, note: null };
  if (word === 'suggest' || strictParity)
    return { value: 'default', note: `${of} permission "${word}" mapped lossily to "default"` };
  return { value: null, note: `${of} permission "${word}" is not known - left out` };
}
