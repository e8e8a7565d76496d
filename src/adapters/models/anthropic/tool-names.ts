/**
 * Decides what a tool is called on the wire: the vendor takes letters, digits, `_` and `-` only, and tools of packs have a dot in their
 * name. Two tools are never given one name, and each answer is read with the names of its own question.
 */
import type { StructuredError } from '../../../base/index.ts';
import { llmError } from '../../../effects/index.ts';

/** What the vendor takes for a name. */
const longest = 64;

export interface ToolNames {
  /** The name on the wire. */
  toVendor(name: string): string;
  /** The tool that a name on the wire stands for; a name that was never offered stays as it is. */
  fromVendor(name: string): string;
}

/** Throws `llm.prompt_assembly_error` for two names that would be one on the wire, and for one that is too long. */
export function toolNames(names: readonly string[]): ToolNames {
  const vendorNames = new Map<string, string>();
  const ownNames = new Map<string, string>();
  for (const name of new Set(names)) {
    const vendorName = name.replaceAll(/[^a-zA-Z0-9_-]/g, '_');
    const taken = ownNames.get(vendorName);
    if (taken !== undefined) throw collision(taken, name, vendorName);
    if (vendorName.length > longest) throw tooLong(name);
    vendorNames.set(name, vendorName);
    ownNames.set(vendorName, name);
  }
  return {
    toVendor: (name) => vendorNames.get(name) ?? name,
    fromVendor: (name) => ownNames.get(name) ?? name,
  };
}

function collision(first: string, second: string, vendorName: string): StructuredError {
  return llmError(
    'llm.prompt_assembly_error',
    `tools '${first}' and '${second}' would both be called '${vendorName}' by the vendor: rename one of them`,
    { tools: [first, second], vendor_name: vendorName },
  );
}

function tooLong(name: string): StructuredError {
  return llmError(
    'llm.prompt_assembly_error',
    `the name of tool '${name}' is longer than the ${longest} characters that the vendor takes`,
    { tool: name },
  );
}
