/** Decides what of a view and an event a model is shown. */
import { isJsonObject, type JsonValue } from '../../base/index.ts';
import type { PromptInput, PromptView } from '../../effects/index.ts';
import type { View, ViewSpec } from '../../graph/index.ts';
import type { LogEvent } from '../../log/index.ts';

/** Recent events are shown only when the behavior's view asks for them: their ids would tie recorded answers to one run. */
export function promptView(view: View, spec: ViewSpec): PromptView {
  return {
    depth: spec.around === undefined ? null : (spec.depth ?? 1),
    around: view.aroundId,
    objects: view.objects().map(({ id, type, data }) => ({ id, type, data })),
    relations: view.relations().map(({ source, type, target }) => ({ source, type, target })),
    recentEvents:
      spec.recentEvents === undefined || spec.recentEvents === 0
        ? null
        : view.events().map((event) => ({ id: event.id, type: event.type, tail: eventTail(event) })),
  };
}

export function promptEvent(event: LogEvent): PromptInput['event'] {
  return { type: event.type, actor: event.actor, payload: event.payload, id: event.id };
}

/** What an event is about, in a few characters. */
function eventTail({ type, payload }: LogEvent): string {
  const { id, source, target, goal, relation } = payload;
  if (type === 'relation.created' && isJsonObject(relation)) {
    return `${text(source)} --${text(relation['type'])}--> ${text(target)}`;
  }
  if (typeof goal === 'string') return JSON.stringify(goal);
  if (type.startsWith('patch.')) return text(target);
  return type.startsWith('object.') ? text(id) : '';
}

function text(value: JsonValue | undefined): string {
  return typeof value === 'string' ? value : '';
}
