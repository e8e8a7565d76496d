// How does runlog stand beside its peers, as real packages, at the same work? Each says what it keeps when the power fails. How slow a peer
// is decides nothing: there is no budget on a peer. Run by name, because the packages come over the network the first time.
import type { Figure } from '../harness/figure.ts';
import { type Scratch, withScratch } from '../scratch.ts';
import { installPeers } from './install.ts';
import { peerServer, type Server } from './server.ts';

type Part = (rounds: number, scratch: Scratch, server: Server) => Promise<readonly Figure[]>;

// The packages are there after they were installed, so each part is loaded behind that.

export async function benchLanggraph(rounds: number): Promise<readonly Figure[]> {
  return measured(rounds, async () => [
    (await import('./steps.ts')).stepFigures,
    (await import('./time-travel.ts')).travelFigures,
    (await import('./conversation.ts')).conversationFigures,
  ]);
}

export async function benchEmmett(rounds: number): Promise<readonly Figure[]> {
  return measured(rounds, async () => [(await import('./emmett.ts')).emmettFigures]);
}

export async function benchAgents(rounds: number): Promise<readonly Figure[]> {
  return measured(rounds, async () => [(await import('./agents-session.ts')).sessionFigures]);
}

async function measured(rounds: number, load: () => Promise<readonly Part[]>): Promise<readonly Figure[]> {
  installPeers();
  const parts = await load();
  return withScratch(async (scratch) => {
    const server = await peerServer();
    try {
      const figures: Figure[] = [];
      for (const part of parts) figures.push(...(await part(rounds, scratch, server)));
      return figures;
    } finally {
      await server.end();
    }
  });
}
