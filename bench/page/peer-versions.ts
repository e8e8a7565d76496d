// Which packages the figures of peers are of: the exact versions that bench/peers installs.
import { readFileSync } from 'node:fs';

const scopes: Readonly<Record<string, string>> = {
  langgraph: '@langchain/',
  emmett: '@event-driven-io/',
  agents: '@openai/',
};

/** A sentence behind a space, or nothing for a benchmark without peers. */
export function versionsText(name: string): string {
  const scope = scopes[name];
  if (scope === undefined) return '';
  const file = new URL('../peers/package.json', import.meta.url);
  const value: unknown = JSON.parse(readFileSync(file, 'utf8'));
  const packages =
    typeof value === 'object' && value !== null && 'dependencies' in value ? value.dependencies : {};
  const own = Object.entries(packages ?? {}).filter(([each]) => each.startsWith(scope));
  return ` Measured: ${own.map(([each, version]) => `${each} ${String(version)}`).join(', ')}.`;
}
