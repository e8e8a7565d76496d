/**
 * models/anthropic: Anthropic's models behind the model port, by the vendor's own package `@anthropic-ai/sdk`, which is loaded when
 * the first question is put. Everything that is true of this vendor alone stands here: the wire, the names, the prices.
 */
export { anthropicModel, type AnthropicModelOptions } from './anthropic-model.ts';
