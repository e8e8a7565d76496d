// Decides how the built code takes a name of one of Node's own modules: that name alone. An import reads all names of the module, and some
// are made when they are read: of node:process standard input, of node:fs its streams, of node:crypto what browsers know.

/** What nearly every command uses. Everything else stays an import, which says so when it is not there. */
const modules = ['crypto', 'fs', 'fs/promises', 'os', 'path', 'process', 'timers/promises', 'url'];

interface NamedBuiltins {
  readonly name: string;
  renderChunk(code: string, file: { readonly fileName: string }): { code: string; map: null } | undefined;
}

export function namedBuiltins(): NamedBuiltins {
  return {
    name: 'named-builtins',
    renderChunk(code, { fileName }) {
      // Lines stay where they are, and with them what the map says.
      return /\.m?js$/.test(fileName) ? { code: withNamedBuiltins(code), map: null } : undefined;
    },
  };
}

export function withNamedBuiltins(code: string): string {
  return code.replaceAll(
    /^import (?:([\w$]+)|\{([^}]*)\}) from "node:([\w/]+)";$/gm,
    (line, whole: string | undefined, names: string | undefined, module: string) => {
      if (!modules.includes(module)) return line;
      const taken = whole ?? `{${(names ?? '').replaceAll(' as ', ': ')}}`;
      return `const ${taken} = globalThis.process${module === 'process' ? '' : `.getBuiltinModule("node:${module}")`};`;
    },
  );
}
