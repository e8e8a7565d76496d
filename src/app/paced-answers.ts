/** Decides how recorded answers are slowed down to the time that they once took, so that there is time to watch, and to kill. */
import type { ModelProvider, ToolInvoker } from '../effects/index.ts';
import { sleep } from './node-platform.ts';

export function pacedModel(model: ModelProvider): ModelProvider {
  return {
    ...model,
    complete: async (request, options) => {
      const response = await model.complete(request, options);
      await sleep(response.latencySeconds * 1000, options.signal);
      return response;
    },
  };
}

export function pacedInvoker(invoker: ToolInvoker): ToolInvoker {
  return {
    invoke: async (tool, args, context) => {
      const answer = await invoker.invoke(tool, args, context);
      await sleep(answer.latencySeconds * 1000, context.signal);
      return answer;
    },
  };
}
