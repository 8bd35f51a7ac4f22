/**
 * One packet on its way to many sockets: encoded for the first of them, shared by all, never for nobody.
 */
import type { AdapterNamespace, AdapterSocket, BroadcastFlags, WriteOptions } from './adapter.ts';
import { frameBytes, plainFrame } from './engine/frame.ts';
import type { Encoded, Packet } from './packet.ts';
import { backlogRule, type BacklogRule } from './slow-consumers.ts';

export class SharedPacket {
  readonly #encoder: AdapterNamespace['server']['encoder'];
  readonly #packet: Packet;
  readonly #options: SharedOptions;
  #encoded: Encoded | undefined;

  constructor(namespace: AdapterNamespace, packet: Packet, flags: BroadcastFlags) {
    this.#encoder = namespace.server.encoder;
    this.#packet = packet;
    this.#options = new SharedOptions(flags, backlogRule(namespace, flags, packet));
  }

  writeTo(socket: AdapterSocket): void {
    this.#encoded ??= this.#options.encoded = this.#encoder.encode(this.#packet);
    socket.notifyOutgoingListeners(this.#packet);
    socket.client.writeToEngine(this.#encoded, this.#options);
  }
}

/** What all receivers of a broadcast share. */
class SharedOptions implements WriteOptions {
  readonly preEncoded = true;
  readonly volatile: boolean | undefined;
  readonly backlog: BacklogRule | undefined;
  compress: boolean | undefined;
  encoded: Encoded = [];

  constructor(flags: BroadcastFlags, backlog: BacklogRule | undefined) {
    this.volatile = flags.volatile;
    this.compress = flags.compress;
    this.backlog = backlog;
  }

  /** For engines of others: the frame of a text for clients without an extension. */
  get wsPreEncodedFrame(): Uint8Array[] | undefined {
    const [data] = this.encoded;
    if (this.encoded.length !== 1 || typeof data !== 'string') return undefined;
    return [frameBytes(plainFrame({ type: 'message', data }))];
  }
}
