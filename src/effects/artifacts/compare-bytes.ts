/** Decides the order of keys: that of their bytes in UTF-8, which is that of their code points, and not JavaScript's own. */

export function compareBytes(left: string, right: string): number {
  const [ours, theirs] = [Array.from(left), Array.from(right)];
  for (const [index, character] of ours.entries()) {
    const other = theirs[index];
    if (other === undefined) return 1;
    const difference = (character.codePointAt(0) ?? 0) - (other.codePointAt(0) ?? 0);
    if (difference !== 0) return difference;
  }
  return ours.length - theirs.length;
}
