/** Reads which port is wanted, and finds one of this machine to listen on: that one if it is free, else any. */
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { DemoError } from './child.ts';

export interface PortChoice {
  readonly port: number;
  readonly wasTaken: boolean;
}

/** @throws {DemoError} the text is no port */
export function parsePort(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  if (port < 1 || port > 65_535) throw new DemoError('A port is a whole number from 1 to 65535.');
  return port;
}

/** @throws {Error} not even any port can be bound */
export async function freePort(wanted: number, host = '127.0.0.1'): Promise<PortChoice> {
  try {
    return { port: await bindOnce(wanted, host), wasTaken: false };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    return { port: await bindOnce(0, host), wasTaken: true };
  }
}

function bindOnce(port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(port, host, () => {
      const bound = (server.address() as AddressInfo).port;
      server.close(() => resolve(bound));
    });
  });
}
