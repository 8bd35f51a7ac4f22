/** Finds a port of this machine to listen on: the wanted one if it is free, else any. */
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';

export interface PortChoice {
  readonly port: number;
  readonly wasTaken: boolean;
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
