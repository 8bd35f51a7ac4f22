/** A hub of a few lines for tests of what stands above a connection: answers, refuses, cuts, and remembers. */
import type {
  Connection,
  ConnectionListener,
  Connector,
  Outcome,
} from '../../../simulators/links/connector.ts';
import type { DeviceMessage } from '../../../simulators/messages.ts';

export class FakeConnector implements Connector {
  readonly received: DeviceMessage[] = [];
  attempts = 0;
  closed = 0;
  /** While false, attempts fail. */
  isUp = true;
  /** What every message is answered with; undefined = never answered. */
  outcome: Outcome | undefined = { kind: 'acknowledged' };
  listener: ConnectionListener | undefined;

  connect(listener: ConnectionListener): Promise<Connection> {
    this.attempts += 1;
    if (!this.isUp) return Promise.reject(new Error('the hub is away'));
    this.listener = listener;
    return Promise.resolve({
      send: (message) => this.#answer(message),
      close: async () => void (this.closed += 1),
      abort: () => {},
    });
  }

  /** The hub goes away under an established connection. */
  cut(): void {
    this.isUp = false;
    this.listener?.onLost('cut');
  }

  #answer(message: DeviceMessage): Promise<Outcome> {
    if (!this.isUp) return Promise.reject(new Error('the hub is away'));
    this.received.push(message);
    return this.outcome === undefined ? new Promise(() => {}) : Promise.resolve(this.outcome);
  }
}
