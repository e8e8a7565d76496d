/** Decides which of the known names somebody may have meant. */

/** Names of which a third of the letters at most is different, or of their part behind the last dot; nearest first, three at most. */
export function nearestNames(wanted: string, known: readonly string[]): readonly string[] {
  return known
    .map((name) => ({ name, distance: distanceTo(name, wanted) }))
    .filter(({ distance }) => distance !== null)
    .sort((left, right) => (left.distance ?? 0) - (right.distance ?? 0))
    .slice(0, 3)
    .map(({ name }) => name);
}

/** To the name or to its last part, whichever is nearer; `null` when both are too far. */
function distanceTo(name: string, wanted: string): number | null {
  const near = [name, name.slice(name.lastIndexOf('.') + 1)]
    .map((part) => ({ distance: editDistance(part, wanted), length: Math.max(part.length, wanted.length) }))
    .filter(({ distance, length }) => distance <= Math.max(1, Math.floor(length / 3)))
    .map(({ distance }) => distance);
  return near.length === 0 ? null : Math.min(...near);
}

/** How many letters have to be put in, taken out or changed. Long names are told apart by their beginnings. */
function editDistance(left: string, right: string): number {
  const [from, to] = [left.slice(0, 64), right.slice(0, 64)];
  let previous = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let row = 1; row <= from.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= to.length; column += 1) {
      const changed = (previous[column - 1] ?? 0) + (from[row - 1] === to[column - 1] ? 0 : 1);
      current.push(Math.min(changed, (previous[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1));
    }
    previous = current;
  }
  return previous[to.length] ?? 0;
}
