// Decides how a network breaks at a chosen moment: a proxy before the server that cuts every connection either before a request
// that holds certain words is passed on, or before its answer is.
import { connect, createServer, type Socket } from 'node:net';

export interface CuttingProxy {
  readonly port: number;
  /** Once: the next request that holds these words is cut. */
  cut(words: string, when: 'before the request' | 'before the answer'): void;
  end(): Promise<void>;
}

export async function startProxy(serverPort: number): Promise<CuttingProxy> {
  const sockets = new Set<Socket>();
  let planned: { words: string; when: 'before the request' | 'before the answer' } | null = null;
  const server = createServer((client) => {
    const upstream = connect(serverPort, '127.0.0.1');
    let isDeaf = false;
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('close', () => sockets.delete(socket));
      // What one side breaks is broken for the other too.
      socket.on('error', () => socket.destroy());
    }
    client.on('close', () => upstream.end());
    upstream.on('close', () => client.destroy());
    client.on('data', (bytes) => {
      const plan = planned !== null && bytes.includes(planned.words) ? planned : null;
      if (plan !== null) planned = null;
      if (plan?.when === 'before the request') {
        client.destroy();
        return;
      }
      if (plan !== null) isDeaf = true;
      upstream.write(bytes);
    });
    upstream.on('data', (bytes) => {
      // The answer has come as far as here: the server has done what it was asked for.
      if (isDeaf) client.destroy();
      else client.write(bytes);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    cut: (words, when) => {
      planned = { words, when };
    },
    end: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
