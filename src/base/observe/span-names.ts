/**
 * Decides what spans and their attributes are called: by OpenTelemetry's conventions for generative AI where these have a name, and
 * under `runlog.` where not. The conventions still move; they are followed here and nowhere else.
 */

export const operationNames = Object.freeze({
  chat: 'chat',
  tool: 'execute_tool',
  agent: 'invoke_agent',
});

/** Names of the attributes of spans, by the GenAI conventions of OpenTelemetry. They stand in this place alone. */
export const attributeNames = Object.freeze({
  operation: 'gen_ai.operation.name',
  provider: 'gen_ai.provider.name',
  conversation: 'gen_ai.conversation.id',
  requestModel: 'gen_ai.request.model',
  responseModel: 'gen_ai.response.model',
  finishReasons: 'gen_ai.response.finish_reasons',
  inputTokens: 'gen_ai.usage.input_tokens',
  outputTokens: 'gen_ai.usage.output_tokens',
  toolName: 'gen_ai.tool.name',
  toolCall: 'gen_ai.tool.call.id',
  agentName: 'gen_ai.agent.name',
  errorType: 'error.type',
  runId: 'runlog.run.id',
  behavior: 'runlog.behavior',
  eventId: 'runlog.event.id',
  eventType: 'runlog.event.type',
  costUsd: 'runlog.cost_usd',
});

/** `run`, `behavior NAME`, `chat MODEL`, `execute_tool TOOL`, `invoke_agent AGENT`. */
export const spanNames = Object.freeze({
  run: () => 'run',
  behavior: (name: string) => `behavior ${name}`,
  chat: (model: string) => `${operationNames.chat} ${model}`,
  tool: (name: string) => `${operationNames.tool} ${name}`,
  agent: (name: string) => `${operationNames.agent} ${name}`,
});
