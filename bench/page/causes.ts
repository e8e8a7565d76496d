// Why an aim is missed, where that was looked for: by the profile of the processor, told in a sentence. By the id of the line.

export const causes: Readonly<Record<string, string>> = {};
