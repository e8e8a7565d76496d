/**
 * agents/claude: the Claude Code program behind the port of agents. It is started as `claude -p` with its stream of JSON lines; what is
 * true of this program alone (its options, its lines, its ways to fail) stands here.
 */
export { requireClaude } from './require-claude.ts';
export { claudeAgent, type ClaudeAgent, type ClaudeAgentOptions } from './claude-agent.ts';
