/** Decides what a user has to be given when PostgreSQL says that it may not do something: the GRANT that lets it, and no more. */

const login = 'Check user and password of the URL.';
const writes = 'SELECT, INSERT, UPDATE, DELETE';

/** By what the server said; a server that speaks another language gets everything that may be lacking. */
export function lackingPrivilege(state: string | null, message: string, detail: string): string {
  if (state !== '42501') return login;
  const [, kind, name] = /^permission denied for (\w+) (.+)$/.exec(message) ?? [];
  if (kind === 'database' && name !== undefined)
    return detail.includes('CONNECT')
      ? `${asOwner('database')}: \`GRANT CONNECT ON DATABASE ${quoted(name)} TO USER\`.`
      : `${asOwner('database')}: \`GRANT CREATE ON DATABASE ${quoted(name)} TO USER\` lets the user make a store. One that somebody else makes needs no such right.`;
  if (kind === 'schema' && name !== undefined) return `${asOwner('store')}: ${toUse(quoted(name))}`;
  if (kind !== undefined) return `${asOwner('store')}: ${toUse('NAME')}`;
  return `What the user lacks is given by the owner of the database, \`GRANT CREATE ON DATABASE NAME TO USER\` to make a store, or by the owner of the store: ${toUse('NAME')}`;
}

function asOwner(what: string): string {
  return `As the owner of the ${what}`;
}

function toUse(schema: string): string {
  return (
    `\`GRANT USAGE ON SCHEMA ${schema} TO USER\` and \`GRANT SELECT ON ALL TABLES IN SCHEMA ${schema} TO USER\` let the user read, ` +
    `\`GRANT ${writes} ON ALL TABLES IN SCHEMA ${schema} TO USER\` lets it write, too.`
  );
}

/** The server quotes some names and others not, and doubles nothing inside. */
function quoted(name: string): string {
  return /^[a-z_][a-z0-9_]*$/.test(name) ? name : `"${name.replaceAll('"', '""')}"`;
}
