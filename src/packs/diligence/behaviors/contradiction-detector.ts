/** Decides which contradictions are worth a person's time: those between two claims that are both likely to be true. */
import { behavior } from '../../../runtime/index.ts';
import { recorded } from '../company-records.ts';
import { claimType, contradictionType } from '../object-types.ts';
import type { DiligenceSettings } from '../settings.ts';

export const contradictionDetector = behavior<'relation.created', DiligenceSettings>({
  name: 'contradiction_detector',
  on: 'relation.created',
  where: { 'relation.type': 'contradicts' },
  run: ({ event, graph, ctx }) => {
    const ends = [graph.object(event.payload.source), graph.object(event.payload.target)];
    const [a, b] = ends.map((object) => (object?.type === 'claim' ? recorded(claimType, object) : undefined));
    if (a === undefined || b === undefined || a.id === b.id) return;
    if (Math.min(a.data.confidence, b.data.confidence) < ctx.settings.confidence_threshold_for_review) return;
    const isFlagged = graph.objects(contradictionType.name).some(({ data }) => {
      const pair = [data['claim_a_id'], data['claim_b_id']];
      return pair.includes(a.id) && pair.includes(b.id);
    });
    if (isFlagged) return;
    const contradiction = graph.addObject(contradictionType, {
      claim_a_id: a.id,
      claim_b_id: b.id,
      rationale: `"${a.data.text}" (confidence ${a.data.confidence}) cannot be true together with "${b.data.text}" (confidence ${b.data.confidence}).`,
      status: 'open',
    });
    graph.addRelation(contradiction.id, a.id, 'references');
    graph.addRelation(contradiction.id, b.id, 'references');
  },
});
