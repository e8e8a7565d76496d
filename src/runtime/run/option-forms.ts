/** Decides what the parts of a run's options have to look like, so that a program without types is told which of them is none. */
import { checkArguments, type GivenArguments } from '../../base/index.ts';
import { invalidToolRegistration } from '../../effects/index.ts';
import { notABehavior } from '../errors.ts';
import { isBehavior, isTool } from './install.ts';
import type { RuntimeOptions } from './options.ts';

/** Throws `InvalidArgumentType` and `InvalidToolRegistration`. Whether the parts fit each other is looked at when a run is opened. */
export function checkOptionForms(options: RuntimeOptions): void {
  checkArguments('open', { options: [options, 'object'] });
  const { behaviors = [], tools = [], types = [], policies = [], upcasts = [] } = options;
  checkArguments('open', {
    'options.behaviors': [behaviors, 'list'],
    'options.tools': [tools, 'list'],
    'options.types': [types, 'list'],
    'options.policies': [policies, 'list'],
    'options.upcasts': [upcasts, 'list'],
    ...namedParts(options),
  });
  for (const behavior of behaviors) if (!isBehavior(behavior)) throw notABehavior('listed', behavior);
  for (const tool of tools) if (!isTool(tool)) throw invalidToolRegistration({ found: typeof tool });
  for (const type of types) checkArguments('open', { 'one of `options.types`': [type, 'with kind'] });
  for (const upcast of upcasts) checkArguments('open', { 'one of `options.upcasts`': [upcast, 'with fn'] });
  for (const policy of policies) {
    checkArguments('open', { 'one of `options.policies`': [policy, 'object'] });
    checkArguments('open', { '`requiresApproval` of a policy': [policy.requiresApproval, 'list'] });
  }
}

/** Those of them that are there. */
function namedParts(options: RuntimeOptions): GivenArguments {
  const forms: GivenArguments = {
    'options.model': [options.model, 'with complete'],
    'options.invoker': [options.invoker, 'with invoke'],
    'options.metrics': [options.metrics, 'with counter'],
    'options.logger': [options.logger, 'with info'],
    'options.tracing': [options.tracing, 'with startSpan'],
    'options.snapshots': [options.snapshots === false ? undefined : options.snapshots, 'object'],
    'options.withoutMissing': [options.withoutMissing, 'boolean'],
  };
  return Object.fromEntries(Object.entries(forms).filter(([, [given]]) => given !== undefined));
}
