/**
 * effects: the outward ports. It decides what a model, a tool and a store of artifacts are to a run, how their answers are asked for, written down
 * and found again; vendors are adapters' business, and when to ask is the runtime's. Receives requests from runtime, hands
 * answers back.
 */
export {
  ArtifactCorruptedError,
  artifactCorrupted,
  ArtifactError,
  ArtifactExistsError,
  ArtifactNotFoundError,
  artifactNotFound,
  ArtifactStorageError,
  artifactStorageFailed,
  type ArtifactStorageReason,
  ArtifactTooLargeError,
  InvalidArtifactKeyError,
} from './artifacts/artifact-errors.ts';
export type { ArtifactGround, ByteHash, FoundBlob, StagedBlob } from './artifacts/artifact-ground.ts';
export type {
  ArtifactContent,
  ArtifactInfo,
  ArtifactPage,
  ArtifactStore,
  ListArtifacts,
  PutOptions,
  ReadArtifact,
  Swept,
  SweepOptions,
} from './artifacts/artifact-port.ts';
export { artifactStore } from './artifacts/artifact-store.ts';
export { compareBytes } from './artifacts/compare-bytes.ts';
export { memoryArtifacts, type MemoryArtifactsOptions } from './artifacts/memory-artifacts.ts';
export { directInvoker, type DirectInvokerOptions } from './direct-invoker.ts';
export {
  failureReason,
  InvalidToolRegistration,
  invalidToolRegistration,
  LLMBehaviorError,
  llmError,
  type LlmReason,
  malformedRecording,
  MalformedRecordingError,
  MissingProviderError,
  missingProvider,
  MissingToolError,
  missingTool,
  type RecordOrigin,
  ToolError,
  toolError,
  toolErrorFromJson,
  toolErrorToJson,
  type ToolReason,
  UnknownToolError,
} from './errors.ts';
export { exampleInstance } from './example-instance.ts';
export { indentedJson } from './indented-json.ts';
export {
  type CallOptions,
  type ModelMessage,
  type ModelProvider,
  type ModelRequest,
  type ModelResponse,
  type OutputForm,
  requestHash,
  requestToJson,
  type ToolCall,
  toolCallToJson,
  type ToolDefinition,
} from './model-port.ts';
export { listPrices, listPricesAsOf } from './prices/list-prices.ts';
export { InvalidPriceError } from './prices/price-errors.ts';
export {
  checkPrices,
  findRates,
  type FoundRates,
  type NoRates,
  overridePrices,
  type Price,
  type PriceQuestion,
  type PriceTable,
  type TokenRates,
} from './prices/price-table.ts';
export { addTokens, costOfTokens, noTokens, type TokenCounts, totalTokens } from './prices/token-cost.ts';
export { buildPrompt, type Prompt, type PromptInput, type PromptView } from './prompt.ts';
export {
  responseFromPayload,
  responseToPayload,
  toolAnswerToPayload,
  type ToolOutcome,
  toolOutcomeFromPayload,
} from './recorded-answer.ts';
export { type FixtureStore, memoryFixtures, type MemoryFixtures } from './recorded/fixture-store.ts';
export { recordedInvoker, type RecordedInvokerOptions } from './recorded/recorded-invoker.ts';
export { recordedModel, type RecordedModelOptions } from './recorded/recorded-model.ts';
export { recordingInvoker, type RecordingInvokerOptions } from './recorded/recording-invoker.ts';
export { recordingModel, type RecordingModelOptions } from './recorded/recording-model.ts';
export { answersFromEvents, type RecordedAnswers } from './replay-cache.ts';
export {
  type ScriptedAnswer,
  type ScriptedModel,
  scriptedModel,
  type ScriptedModelOptions,
  type ScriptedReply,
} from './scripted-model.ts';
export { parseStructured, type StructuredOutput } from './structured-output.ts';
export { estimateRequestTokens, estimateTokens } from './token-estimate.ts';
export {
  argsHash,
  tool,
  type Tool,
  type ToolAnswer,
  type ToolContext,
  toolDefinition,
  type ToolInvoker,
  type ToolOptions,
} from './tool-port.ts';
