/** The door of a namespace: who may enter is decided before the client is told that it is connected. */
import type { Counters, Log } from '#ports';
import type { ExtendedError, Namespace, Socket } from '#socketio';
import type { Caller } from './caller.ts';
import { ConnectRefusedError, InvalidNamespaceError } from './login.ts';

export interface Gate {
  /** @throws {ConnectRefusedError | InvalidNamespaceError} the socket may not enter */
  readonly letIn: (socket: Socket) => Caller;
  /** The socket is in: from here on its events come and its end is heard. */
  readonly entered: (caller: Caller) => void;
}

export function guard(
  namespace: Pick<Namespace, 'use' | 'on'>,
  { letIn, entered }: Gate,
  { log, counters }: { log: Log; counters: Counters },
): void {
  namespace.use((socket, next) => {
    try {
      letIn(socket);
    } catch (error) {
      counters.count('socketio', 'connect-refused');
      return next(toConnectError(error, log));
    }
    next();
  });
  namespace.on('connection', (socket) => {
    let caller: Caller;
    try {
      // Once more: the rights may have ended between the two.
      caller = letIn(socket);
    } catch {
      counters.count('socketio', 'rights-ended');
      socket.disconnect(true);
      return;
    }
    entered(caller);
  });
}

function toConnectError(error: unknown, log: Log): ExtendedError {
  if (error instanceof ConnectRefusedError || error instanceof InvalidNamespaceError) return error;
  log.error('A connection could not be decided.', { error });
  return new ConnectRefusedError('internal', 'The hub could not decide this connection.');
}
