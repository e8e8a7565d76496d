// What is used of the peers, so that the benchmarks are checked where these packages are not installed. Their own types say more.
declare module '@langchain/langgraph' {
  interface Channel<T> {
    readonly reducer: (before: T, update: T) => T;
    readonly default: () => T;
  }
  type State = Readonly<Record<string, unknown>>;
  interface Config {
    readonly configurable: Readonly<Record<string, string>>;
    readonly recursionLimit?: number;
    readonly durability?: 'sync' | 'async' | 'exit';
  }
  interface Snapshot {
    readonly values: State;
    readonly config: Config;
  }
  interface Compiled {
    invoke(input: State, config: Config): Promise<State>;
    getState(config: Config): Promise<Snapshot>;
    getStateHistory(config: Config): AsyncIterable<Snapshot>;
    updateState(config: Config, values: State, asNode?: string): Promise<Config>;
  }
  export const START: '__start__';
  export const END: '__end__';
  export const Annotation: {
    <T>(channel: Channel<T>): unknown;
    Root(channels: Readonly<Record<string, unknown>>): object;
  };
  export class StateGraph {
    constructor(state: object);
    addNode(name: string, run: (state: State) => Promise<State>): this;
    addEdge(from: string, to: string): this;
    addConditionalEdges(from: string, choose: (state: State) => string): this;
    compile(options: { readonly checkpointer: object }): Compiled;
  }
}

declare module '@langchain/langgraph-checkpoint-sqlite' {
  export class SqliteSaver {
    static fromConnString(path: string): SqliteSaver;
    readonly db: { pragma(text: string): unknown; close(): void };
  }
}

declare module '@langchain/langgraph-checkpoint-postgres' {
  export class PostgresSaver {
    static fromConnString(url: string, options?: { readonly schema?: string }): PostgresSaver;
    setup(): Promise<void>;
    end(): Promise<void>;
  }
}

declare module '@openai/agents' {
  export class MemorySession {
    addItems(items: readonly object[]): Promise<void>;
    getItems(limit?: number): Promise<readonly object[]>;
  }
}

declare module '@event-driven-io/emmett-sqlite' {
  import type { EmmettStore } from '@event-driven-io/emmett-postgresql';
  export interface Connection {
    close(): void;
    command(sql: string): Promise<unknown>;
  }
  export function sqliteConnection(options: { readonly fileName: string }): Connection;
  export function getSQLiteEventStore(options: {
    readonly fileName: string;
    readonly connectionOptions?: { readonly singleton: true; readonly connection: Connection };
  }): EmmettStore;
}

declare module '@event-driven-io/emmett-postgresql' {
  export interface EmmettStore {
    appendToStream(
      stream: string,
      events: readonly object[],
      options?: { readonly expectedStreamVersion?: bigint },
    ): Promise<unknown>;
    readStream(stream: string): Promise<{ readonly events: readonly object[] }>;
    close?(): Promise<void>;
  }
  export function getPostgreSQLEventStore(url: string): EmmettStore;
}
