/** The connected sockets by the token or session behind them, so that the end of rights is the end of connections. */
import type { Principal } from '#contract/access.ts';
import type { Access, Counters } from '#ports';
import type { Socket } from '#socketio';

export class LiveSockets {
  readonly #byToken = new Map<string, Map<Socket, Principal>>();

  constructor({ access, counters }: { access: Access; counters: Counters }) {
    access.onEnded(({ tokenId, sessionId, isChanged = false }) => {
      for (const [socket, principal] of this.#byToken.get(tokenId) ?? []) {
        if (sessionId !== undefined && principal.id !== sessionId) continue;
        counters.count('socketio', isChanged ? 'rights-changed' : 'rights-ended');
        // A connection that only closes is one that the official client opens again, to where it may be now. Who has
        // left its namespaces before does not come back by itself.
        if (isChanged) socket.conn.close();
        else socket.disconnect(true);
      }
    });
  }

  add(socket: Socket, principal: Principal): void {
    const { tokenId } = principal;
    const sockets = this.#byToken.get(tokenId) ?? new Map<Socket, Principal>();
    this.#byToken.set(tokenId, sockets.set(socket, principal));
    socket.on('disconnect', () => {
      sockets.delete(socket);
      if (sockets.size === 0 && this.#byToken.get(tokenId) === sockets) this.#byToken.delete(tokenId);
    });
  }
}
