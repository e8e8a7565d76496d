/**
 * agents/shell: a command of the operating system behind the port of agents. What is allowed is run without a shell, so that the list of
 * what is allowed says all there is to say.
 */
export { shellAgent, type ShellAgentOptions } from './shell-agent.ts';
