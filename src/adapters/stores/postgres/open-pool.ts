/** Decides how a pool is opened from a URL: the driver is loaded when it is needed, and its absence says what to install. */
import type { Client, Pool } from 'pg';
import { missingPackage } from '../../../base/index.ts';
import type { PostgresPool } from './driver.ts';
import { unreadableUrl } from './errors.ts';
import type { NewsLine } from './news.ts';

export interface OwnPool extends PostgresPool {
  end(): Promise<void>;
  /** A connection beside the pool, not yet made. */
  readonly newLine: () => NewsLine;
}

/** The part of the package that this adapter uses. */
interface Driver {
  readonly Client: typeof Client;
  readonly Pool: typeof Pool;
}

const connectTimeoutMs = 10_000;

/** No connection is made before the first statement. */
export async function openPool(url: string, connections: number): Promise<OwnPool> {
  const driver = await loadDriver();
  const settings = {
    connectionString: url,
    connectionTimeoutMillis: connectTimeoutMs,
    application_name: 'runlog',
    keepAlive: true,
  };
  try {
    // The driver reads the URL when it makes a connection; here a bad one is found out at once.
    void new driver.Client(settings);
  } catch {
    throw unreadableUrl(url);
  }
  const pool = new driver.Pool({ ...settings, max: connections });
  // A connection that breaks while nobody uses it is replaced when one is needed.
  pool.on('error', () => undefined);
  return {
    connect: () => pool.connect(),
    end: () => pool.end(),
    newLine: () => new driver.Client(settings),
  };
}

async function loadDriver(): Promise<Driver> {
  try {
    return await import('pg');
  } catch (cause) {
    throw missingPackage('postgres', cause);
  }
}
