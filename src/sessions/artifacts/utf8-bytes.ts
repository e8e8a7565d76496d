/** Decides how a text becomes bytes where nothing of the platform may be asked: UTF-8, as every platform writes it. */

export function utf8Bytes(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length * 3);
  let end = 0;
  for (const character of text.toWellFormed()) {
    const code = character.codePointAt(0) ?? 0;
    if (code < 0x80) bytes[end++] = code;
    else {
      const follow = code < 0x800 ? 1 : code < 0x1_0000 ? 2 : 3;
      bytes[end++] = ([0, 0xc0, 0xe0, 0xf0][follow] ?? 0) | (code >> (6 * follow));
      for (let left = follow - 1; left >= 0; left -= 1) bytes[end++] = 0x80 | ((code >> (6 * left)) & 0x3f);
    }
  }
  return bytes.slice(0, end);
}
