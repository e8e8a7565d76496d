/** Decides how a behavior's own prompt template is filled: four places, braces doubled where they are meant as text. */
import { llmError } from './errors.ts';

export interface TemplateParts {
  readonly system: string;
  readonly view: string;
  readonly event: string;
  readonly instruction: string;
}

/**
 * Puts the parts into `{system}`, `{view}`, `{event}` and `{instruction}`. `{{` and `}}` stand for one brace. Anything else
 * in braces is refused with `llm.prompt_assembly_error`: a mistyped place would leave the model without what it should read.
 */
export function fillTemplate(
  template: string,
  parts: TemplateParts,
): { readonly text: string; readonly placed: ReadonlySet<string> } {
  const placed = new Set<string>();
  const text = template.replace(/\{\{|\}\}|\{([^{}]*)\}|[{}]/g, (found: string, name: string | undefined) => {
    if (found === '{{') return '{';
    if (found === '}}') return '}';
    switch (name) {
      case 'system':
      case 'view':
      case 'event':
      case 'instruction':
        placed.add(name);
        return parts[name];
      default:
        throw unknownPlaceholder(found);
    }
  });
  return { text, placed };
}

function unknownPlaceholder(found: string): Error {
  return llmError(
    'llm.prompt_assembly_error',
    `The prompt template holds ${found}; it may hold {system}, {view}, {event} and {instruction}, and {{ or }} for a brace.`,
    { placeholder: found },
  );
}
