/** A proxy of the old kind: it forwards requests and knows nothing of `Upgrade`. */
import { once } from 'node:events';
import { createServer, request as send, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pipeline } from 'node:stream';

/** What concerns one hop only: a proxy does not pass it on (RFC 9110, 7.6.1). */
const hopByHop = new Set(['connection', 'upgrade', 'keep-alive', 'transfer-encoding']);

export interface StrippingProxy extends AsyncDisposable {
  readonly url: string;
  /** How many requests to upgrade were stripped. */
  readonly stripped: () => number;
}

/** Starts one in front of a server. */
export async function startStrippingProxy(target: string): Promise<StrippingProxy> {
  let stripped = 0;
  const server = createServer((request, response) => {
    if (request.headers.upgrade !== undefined) stripped += 1;
    forward(target, request, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stripped: () => stripped,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function forward(target: string, request: IncomingMessage, response: ServerResponse): void {
  const { method } = request;
  const onward = send(target + request.url, { method, headers: passedOn(request) }, (answer) => {
    response.writeHead(answer.statusCode ?? 502, passedOn(answer));
    pipeline(answer, response, () => {});
  });
  onward.on('error', () => response.destroy());
  // A client that goes away takes its waiting request with it.
  response.on('close', () => onward.destroy());
  request.pipe(onward);
}

function passedOn({ headers }: IncomingMessage): IncomingMessage['headers'] {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !hopByHop.has(name)));
}
