/** Decides what a model is asked first: the prompt of the behavior, the form of the answer, and the tools that it may call. */
import {
  buildPrompt,
  failureReason,
  llmError,
  type ModelProvider,
  type ModelRequest,
  toolDefinition,
} from '../../effects/index.ts';
import { intakePayload } from '../../log/index.ts';
import type { LlmPart } from '../behavior.ts';
import { unknownTool } from '../errors.ts';
import type { CallScope } from './call-scope.ts';
import { promptEvent, promptView } from './prompt-view.ts';

/** Throws `llm.prompt_assembly_error` when the prompt cannot be built. */
export function firstRequest(invocation: CallScope, llm: LlmPart, provider: ModelProvider): ModelRequest {
  const prompt = assemble(() => promptOf(invocation, llm));
  const model = assemble(() => modelName(invocation, llm)) ?? provider.defaultModel;
  return {
    model,
    system: prompt.system,
    messages: [{ role: 'user', content: prompt.user }],
    maxTokens: llm.maxTokens,
    temperature: llm.temperature,
    topP: llm.topP,
    outputForm:
      llm.outputForm === null
        ? null
        : { name: llm.outputForm.name, jsonSchema: intakePayload(llm.outputForm.jsonSchema).value },
    tools: toolDefinitions(invocation),
  };
}

function promptOf(invocation: CallScope, llm: LlmPart): { readonly system: string; readonly user: string } {
  const { frame } = invocation.engine;
  return buildPrompt({
    behavior: invocation.behavior.name,
    description: llm.description,
    frame: frame === null ? null : { goal: frame.goal, constraints: frame.constraints ?? [] },
    outputForm: llm.outputForm,
    creates: llm.creates,
    view: promptView(invocation.openView(), invocation.behavior.view),
    event: promptEvent(invocation.event),
    ...(llm.promptTemplate === null ? {} : { template: llm.promptTemplate }),
  });
}

function modelName({ behavior }: CallScope, { model }: LlmPart): string | null {
  return typeof model === 'function' ? model(behavior.settings as never) : model;
}

function toolDefinitions({ engine, behavior }: CallScope): ModelRequest['tools'] {
  const names = behavior.tools.map((tool) => (typeof tool === 'string' ? tool : tool.name));
  return names.map((name) => {
    const tool = engine.tools.get(name);
    if (tool === undefined) throw unknownTool({ behavior: behavior.name, tool: name, declared: names });
    return toolDefinition(tool);
  });
}

function assemble<Part>(build: () => Part): Part {
  try {
    return build();
  } catch (error) {
    if (failureReason(error) !== null) throw error;
    const message = error instanceof Error ? error.message : String(error);
    throw llmError('llm.prompt_assembly_error', message, {}, error);
  }
}
