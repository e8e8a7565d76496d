// Decides how a test waits for the S3 server of the test run. Without one it fails, and says what to install.
import { existsSync, readFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { inject } from 'vitest';

/** `http://127.0.0.1:PORT` */
export async function s3Endpoint(): Promise<string> {
  const answer = inject('s3Answer');
  while (!existsSync(answer)) await setTimeout(50);
  const said: unknown = JSON.parse(readFileSync(answer, 'utf8'));
  const endpoint: unknown = Reflect.get(Object(said), 'endpoint');
  if (typeof endpoint === 'string') return endpoint;
  throw new Error(String(Reflect.get(Object(said), 'error')));
}
