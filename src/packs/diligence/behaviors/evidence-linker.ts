/** Decides that evidence is tied to its claim whoever added it, and when a claim counts as reviewed because of it. */
import { behavior } from '../../../runtime/index.ts';
import { recorded } from '../company-records.ts';
import { claimType, evidenceType } from '../object-types.ts';
import type { DiligenceSettings } from '../settings.ts';

export const evidenceLinker = behavior<'object.created', DiligenceSettings>({
  name: 'evidence_linker',
  on: 'object.created',
  where: { 'object.type': 'evidence' },
  run: ({ event, graph, ctx }) => {
    const evidence = recorded(evidenceType, event.payload.object);
    const { claim_id: claimId } = evidence.data;
    const edge = { source: evidence.id, target: claimId, type: 'supports' };
    // An id that names no claim is refused here by the graph, with the id in the message.
    if (graph.relations(edge).length === 0) graph.addRelation(edge.source, edge.target, edge.type);
    const object = graph.object(claimId);
    if (object === undefined) return;
    const claim = recorded(claimType, object);
    if (claim.data.status !== 'open' || claim.data.confidence < ctx.settings.support_threshold) return;
    graph.patchObject(
      claimId,
      { status: 'reviewed' },
      {
        rationale: `supported by ${evidence.id}, confidence ${claim.data.confidence} of at least ${ctx.settings.support_threshold}`,
        evidence: [evidence.id],
      },
    );
  },
});
