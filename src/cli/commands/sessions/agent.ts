/**
 * The command `agent run`: asks an agent and keeps what it says and does. A person watches it work; a program gets its answer, or its
 * events. Ctrl-C asks the agent to stop, a second one kills it; a reader that goes away stops nothing, for the store has it all.
 */
import {
  type AgentCallReport,
  type AgentCallRequest,
  type AgentName,
  agentNames,
  runAgent,
} from '../../../app/index.ts';
import { shellWord } from '../../../base/index.ts';
import {
  agentCallNote,
  agentCallText,
  cleanLines,
  LiveRunText,
  recoveredText,
  sessionEventJson,
} from '../../../view/index.ts';
import { type CliContext, type DeclareCommand, examples } from '../../cli-context.ts';
import { notEmpty, takesJson, timeLimitMs } from '../../arguments/option-values.ts';
import { cutNote, isCut, outputIn } from '../../output/command-output.ts';
import { PatientOutput } from '../../output/patient-output.ts';
import { printJsonLine, printLines, printNote, printText, storeWord } from '../../print.ts';
import { programName } from '../../program-name.ts';
import { usageError } from '../../usage-error.ts';

interface AgentFlags {
  readonly agent: AgentName;
  readonly store: string;
  readonly session?: string;
  readonly allow?: readonly string[];
  readonly deny?: readonly string[];
  readonly model?: string;
  readonly policy?: readonly string[];
  readonly tag?: readonly string[];
  readonly timeout?: number;
  readonly json?: boolean;
}

export const declareAgent: DeclareCommand = (command, context) => {
  takesJson(
    command
      .addArgument({ name: '<action>', about: 'what to do', choices: ['run'] })
      .argument('<prompt...>', 'what to say to the agent; behind --')
      .addOption({ flags: '--agent <name>', about: 'who is asked', choices: agentNames, isMandatory: true })
      .requiredOption('--store <url>', 'where to keep it; made when it is not there', notEmpty)
      .option('--session <session>', 'go on in this session; a new one without it', notEmpty)
      .listOption('--allow <name>', 'only this tool (claude) or command (shell); may be given again', collect)
      .listOption('--deny <name>', 'not this tool or command; may be given again', collect)
      .option('--model <model>', 'the model that claude asks', notEmpty)
      .listOption('--policy <file>', 'what the run may do: JSON, or YAML; may be given again', collect)
      .listOption('--tag <tag>', 'a tag of the new session; may be given again', collect)
      .option('--timeout <age>', 'the run ends after so long: 90s, 10m, 2h', timeLimitMs),
  )
    .addHelp(
      examples(
        'runlog agent run --agent claude --store sqlite:///sessions.db --allow Read --allow Bash -- "why is the build red?"',
        'runlog agent run --agent claude --store sqlite:///sessions.db --session ses_1 -- "and now fix it"',
        'runlog agent run --agent shell --store sqlite:///sessions.db --allow ls -- ls -l',
        'runlog agent run --agent shell --store sqlite:///sessions.db --policy ask.yaml -- ls -l',
      ),
    )
    .action(async (_action: string, words: readonly string[], flags: AgentFlags) => {
      context.names = { url: flags.store };
      await carryOut(requestOf(words, flags, context), flags, context);
    });
};

type Asked = Omit<AgentCallRequest, 'onEvent' | 'onStored' | 'onRecovered'>;

function requestOf(words: readonly string[], flags: AgentFlags, { signal, insisted }: CliContext): Asked {
  const { agent, store, session, allow, deny, model, policy, tag, timeout } = flags;
  // Several words are a command with its arguments: what a shell would take apart again is quoted.
  const prompt = words.length === 1 || agent === 'claude' ? words.join(' ') : words.map(shellWord).join(' ');
  if (prompt.trim() === '') throw usageError('The prompt is empty.', 'runlog agent');
  if (session !== undefined && tag !== undefined)
    throw usageError('--tag is for a new session.', 'runlog agent', 'Leave out --tag or --session.');
  return {
    ...{ agent, url: store, prompt, signal, insisted },
    ...(session === undefined ? {} : { sessionId: session }),
    ...(allow === undefined ? {} : { allowed: allow }),
    ...(deny === undefined ? {} : { denied: deny }),
    ...(model === undefined ? {} : { model }),
    ...(policy === undefined ? {} : { policyFiles: policy }),
    ...(tag === undefined ? {} : { tags: tag }),
    ...(timeout === undefined ? {} : { deadlineMs: timeout }),
  };
}

async function carryOut(asked: Asked, flags: AgentFlags, context: CliContext): Promise<void> {
  const { json = false } = flags;
  const { terminal, paint } = context;
  const columns = terminal.columns === null ? {} : { columns: terminal.columns };
  const shown = new LiveRunText({ paint, ...columns });
  const output = new PatientOutput();
  const isWatched = terminal.isTty && !json;
  let stored = '';
  const noteInterrupt = (): void =>
    void output.write(() =>
      printNote(context, `${shown.end()}The agent is asked to stop. Ctrl-C again kills it.`),
    );
  if (!json) asked.signal.addEventListener('abort', noteInterrupt, { once: true });
  const report = await runAgent({
    ...asked,
    onRecovered: async (runs) => {
      if (!json) for (const text of recoveredText(runs)) await output.write(() => printNote(context, text));
    },
    ...(!json && (isWatched || asked.agent === 'claude')
      ? {}
      : {
          onStored: async (event) => {
            if (json) await output.write(() => printJsonLine(context, sessionEventJson(event)));
            else stored += outputIn(event);
          },
        }),
    ...(json
      ? {}
      : {
          onEvent: async (event) => {
            const text = isWatched ? shown.next(event) : '';
            if (text !== '') await output.write(() => printText(context, text));
            if (event.type === 'tool_approval_requested')
              await output.write(() => noteWaiting(context, asked));
            if (asked.agent === 'shell' && isCut(event))
              await output.write(() => printNote(context, `${shown.end()}${cutNote}`));
          },
        }),
  });
  asked.signal.removeEventListener('abort', noteInterrupt);
  if (isWatched) await output.write(() => printText(context, shown.end()));
  if (!json) await output.write(() => tellEnd(report, asked.signal.aborted ? '' : stored, flags, context));
  output.check();
  // Whoever has stopped it knows why it did not complete.
  if (report.failure !== null && !asked.signal.aborted) throw report.failure;
}

async function noteWaiting(context: CliContext, { url }: Asked): Promise<void> {
  const program = programName(context.terminal.env);
  const store = storeWord(url);
  await printNote(
    context,
    `The agent waits for an approval: ${program} approvals ${store}, then ${program} approve ${store} ID --by NAME`,
  );
}

async function tellEnd(
  report: AgentCallReport,
  stored: string,
  flags: AgentFlags,
  context: CliContext,
): Promise<void> {
  const { terminal, paint, names } = context;
  if (terminal.isTty) {
    const limits = limitsOf(flags);
    const shape = {
      agent: flags.agent,
      limits,
      paint,
      names: { ...names, program: programName(terminal.env) },
    };
    await printLines(context, agentCallText(report, shape));
    return;
  }
  const content: unknown = report.failure === null ? report.run.output?.['content'] : stored;
  if (typeof content === 'string' && content !== '')
    await printText(context, plainAnswer(cleanLines(content)));
  await printNote(context, agentCallNote(report));
}

/** What held the call, as it is typed. */
function limitsOf({ allow, deny, model, policy, timeout }: AgentFlags): readonly string[] {
  return [
    ...(allow ?? []).flatMap((name) => ['--allow', name]),
    ...(deny ?? []).flatMap((name) => ['--deny', name]),
    ...(model === undefined ? [] : ['--model', model]),
    ...(policy ?? []).flatMap((file) => ['--policy', file]),
    ...(timeout === undefined ? [] : ['--timeout', `${timeout / 1000}s`]),
  ];
}

function plainAnswer(content: string): string {
  return content.endsWith('\n') ? content : `${content}\n`;
}

function collect(value: string, before: readonly string[] | undefined): readonly string[] {
  return [...(before ?? []), notEmpty(value)];
}
