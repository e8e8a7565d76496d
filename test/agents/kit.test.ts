/** The real Claude Code program keeps every promise of the port of agents, against a server on the loopback. */
import { nodePlatform } from 'runlog';
import { describe, test } from 'vitest';
import { claudeAgent } from '../../src/adapters/agents/claude/index.ts';
import { agentCases, type AgentMaker, runPortCase } from '../../src/conformance/index.ts';
import { openLocalAnthropic, type Reply } from '../harness/anthropic/local-anthropic.ts';
import { agentOver, claudeEnvironment, scratchHome } from './claude-program.ts';

/** What the model says depends on what it is asked: the last thing that was said to it. */
function replyTo(asked: string): Reply {
  if (asked.includes('please fail')) return { status: 400, type: 'invalid_request_error', message: 'no' };
  if (asked.includes('please last')) return 'hang';
  return { content: [{ type: 'text', text: 'hi' }] };
}

const places: AgentMaker = {
  name: 'Claude Code',
  make: async () => {
    const home = scratchHome();
    const server = await openLocalAnthropic({
      replies: ({ body }) => replyTo(JSON.stringify(body.messages)),
    });
    const agent = agentOver(server, home);
    return {
      agent,
      away: claudeAgent({
        command: `${home.path}/no-such-program`,
        cwd: home.path,
        env: claudeEnvironment(server, home),
      }),
      works: { input: 'say hi' },
      fails: { input: 'please fail' },
      lasts: { input: 'please last' },
      settings: { taken: { max_turns: 3 }, refused: { permission_mode: 'ask me' } },
      destroy: async () => {
        await agent.close();
        await server.close();
        home.remove();
      },
    };
  },
};

describe('Claude Code', () => {
  test.each(agentCases)('$id', async (agentCase) => {
    await runPortCase(agentCase, places, nodePlatform);
  });
});
