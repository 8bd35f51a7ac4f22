/**
 * The parser of a server as applications may replace it, and the default one in that shape.
 * The default is read directly by connections; its `Decoder` exists for those who take it as a class.
 */
import { EventEmitter } from 'node:events';
import { encodePacket, type Encoded, type Packet } from './packet.ts';
import { PacketReader } from './packet-reader.ts';

export interface PacketEncoder {
  encode(packet: Packet): Encoded;
}

export interface PacketDecoder {
  /** Takes one frame; throws when the peer must be closed. */
  add(frame: unknown): void;
  destroy(): void;
  on(event: 'decoded', listener: (packet: Packet) => void): unknown;
  removeListener(event: 'decoded', listener: (packet: Packet) => void): unknown;
}

export interface Parser {
  readonly Encoder: new () => PacketEncoder;
  readonly Decoder: new () => PacketDecoder;
}

export class Encoder implements PacketEncoder {
  encode(packet: Packet): Encoded {
    return encodePacket(packet);
  }
}

export class Decoder extends EventEmitter implements PacketDecoder {
  readonly #reader = new PacketReader();

  add(frame: unknown): void {
    const packet = this.#reader.read(frame);
    if (packet !== undefined) this.emit('decoded', packet);
  }

  destroy(): void {
    this.#reader.reset();
  }
}

export const defaultParser: Parser = { Encoder, Decoder };
