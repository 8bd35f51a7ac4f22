/** Opens namespaces over one shared Socket.IO connection; a token, or the session cookie of a page, says who is asking. */
import { Manager } from 'socket.io-client';
import type { OpenSocket, SocketLike } from './socket-like.ts';

/**
 * Attempts after 1, 2, 4 … seconds, each ± 50 %, at most 30: a hub that comes back is not met by all its
 * dashboards in the same instant.
 */
export function openSocketsOf(origin: string, token?: string): OpenSocket {
  const manager = new Manager(origin, {
    autoConnect: false,
    reconnectionDelay: 1000,
    reconnectionDelayMax: 30_000,
    randomizationFactor: 0.5,
    transports: ['websocket', 'polling'],
    tryAllTransports: true,
  });
  return (namespace): SocketLike => {
    // Its typed event map is narrower than what we need of it; the contract's types are put back in `Channel`.
    return manager.socket(namespace, token === undefined ? {} : { auth: { token } }) as unknown as SocketLike;
  };
}
