/** Decides how a person's word is confirmed, on a proposal or on what an agent waits for. */
import {
  type Decision,
  decisionText,
  decisionToJson,
  type SessionDecision,
  sessionDecisionText,
  sessionDecisionToJson,
} from '../view/index.ts';
import type { CliContext } from './cli-context.ts';
import { printJson, printLines } from './print.ts';

export async function printDecision(
  context: CliContext,
  decision: Decision | SessionDecision,
  isJson: boolean,
): Promise<void> {
  if ('sessionId' in decision) {
    if (isJson) await printJson(context, sessionDecisionToJson(decision));
    else await printLines(context, sessionDecisionText(decision));
    return;
  }
  if (isJson) await printJson(context, decisionToJson(decision));
  else await printLines(context, decisionText(decision));
}
