// Decides the anchor of a heading, as GitHub makes it: lower case, spaces become hyphens, punctuation goes. The pages are read there, too.

export function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replaceAll(/\]\([^)]*\)/g, '')
    .replaceAll(/[^\p{Letter}\p{Number}\s_-]/gu, '')
    .replaceAll(' ', '-');
}
