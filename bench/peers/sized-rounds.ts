// How contenders are measured whose files count too: in turns, with the bytes that each round left beside its time.
import { interleave, type Interleaved, type Measured } from '../harness/measure.ts';

interface Sized {
  readonly name: string;
  readonly run: () => Promise<Measured & { readonly bytes?: number }>;
}

/** The rounds, and by name the bytes of each that told them; the first one warmed up and counts among these. */
export async function interleaveSized(
  contenders: readonly Sized[],
  rounds: number,
): Promise<{ readonly found: Interleaved; readonly bytesOf: (name: string) => readonly number[] }> {
  const bytes = new Map<string, number[]>(contenders.map(({ name }) => [name, []]));
  const found = await interleave(
    contenders.map(({ name, run }) => ({
      name,
      run: async () => {
        const measured = await run();
        if (measured.bytes !== undefined) bytes.get(name)?.push(measured.bytes);
        return measured;
      },
    })),
    rounds,
  );
  return { found, bytesOf: (name) => bytes.get(name) ?? [] };
}
