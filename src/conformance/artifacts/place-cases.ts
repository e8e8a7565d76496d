/** The cases of where artifacts are kept: beside others, at a place that is away, and at no place at all. */
import { InvalidRuntimeConfiguration } from '../../base/index.ts';
import { ArtifactNotFoundError, ArtifactStorageError } from '../../effects/index.ts';
import { expectEqual, expectRefusal, UnmetExpectation } from '../expect.ts';
import { type PortCase, portCases, type PortContext, type PortNeed } from '../ports/port-case.ts';
import { bytesOf } from './artifact-case.ts';
import type { ArtifactOutside, ArtifactPlace } from './artifact-place.ts';

/** A store in memory has no neighbours: what another place holds is not there. */
const inMemory: PortNeed<ArtifactPlace> = {
  promise: 'outside',
  isDeclared: ({ outside }) => outside !== null,
  refuses: async ({ place, makePlace }) => {
    await (await place.open()).put('a', bytesOf('one'));
    const other = await (await makePlace()).open();
    await expectRefusal(other.head('a'), ArtifactNotFoundError, 'what another place holds');
  },
};

function outsideOf({ place: { outside } }: PortContext<ArtifactPlace>): ArtifactOutside {
  if (outside !== null) return outside;
  throw new UnmetExpectation('the place says what is outside of it');
}

export const placeCases: readonly PortCase<ArtifactPlace>[] = portCases<ArtifactPlace>('place', {
  'neighbours-are-apart': {
    properties: [88],
    needs: inMemory,
    why: 'Two programs share a bucket: neither may see, replace or delete what the other one keeps.',
    run: async (context) => {
      const store = await context.place.open();
      const beside = await outsideOf(context).neighbour();
      await store.put('a', bytesOf('one'));
      await expectRefusal(beside.head('a'), ArtifactNotFoundError, 'what the store beside it holds');
      await beside.put('a', bytesOf('two'));
      await beside.put('b', bytesOf('two'));
      const keys = (await store.list()).artifacts.map(({ key }) => key);
      expectEqual(keys, ['a'], 'what is listed');
      await beside.delete('a');
      expectEqual([...(await store.get('a')).bytes], [...bytesOf('one')], 'what is there in the end');
    },
  },
  'away-is-told': {
    properties: [89],
    needs: inMemory,
    why: 'That a store cannot be reached is not that an artifact is not there: who is told so makes it anew.',
    run: async (context) => {
      const store = await outsideOf(context).away();
      const answers: readonly (readonly [string, () => Promise<unknown>])[] = [
        ['put', () => store.put('a', bytesOf('one'))],
        ['get', () => store.get('a')],
        ['head', () => store.head('a')],
        ['list', () => store.list()],
        ['delete', () => store.delete('a')],
      ];
      for (const [name, answer] of answers) {
        const error = await expectRefusal(answer(), ArtifactStorageError, `${name} of a store that is away`);
        expectEqual(error.howToFix === '', false, 'whether it says nothing of what to do');
      }
    },
  },
  'nowhere-is-refused': {
    properties: [91],
    needs: inMemory,
    why: 'An empty path is a variable that nobody has set: what is written there is found by nobody.',
    run: async (context) => {
      const { nowhere } = outsideOf(context);
      const opening = (async () => nowhere())();
      await expectRefusal(opening, InvalidRuntimeConfiguration, 'a store without a place');
    },
  },
});
