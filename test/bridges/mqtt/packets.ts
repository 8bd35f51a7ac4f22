/** MQTT packets byte by byte, for what no client library would send. */

/** One MQTT packet: type and flags, then a body of hex strings and bytes. */
export function packet(header: number, ...parts: readonly (string | Uint8Array)[]): Buffer {
  const body = Buffer.concat(parts.map(toBytes));
  const length: number[] = [];
  let rest = body.length;
  do {
    length.push((rest % 128) | (rest >= 128 ? 0x80 : 0));
    rest = Math.floor(rest / 128);
  } while (rest > 0);
  return Buffer.concat([Buffer.from([header, ...length]), body]);
}

export function toBytes(part: string | Uint8Array): Uint8Array {
  return typeof part === 'string' ? new Uint8Array(Buffer.from(part, 'hex')) : part;
}

/** A length-prefixed text. */
export function field(text: string | Uint8Array): Buffer {
  const bytes: Uint8Array = typeof text === 'string' ? Buffer.from(text) : text;
  return Buffer.concat([Buffer.from([bytes.length >> 8, bytes.length & 0xff]), bytes]);
}

/** CONNECT, MQTT 3.1.1, clean session, any user name. */
export function connectPacket(clientId: string | Uint8Array, token: string): Buffer {
  return packet(0x10, field('MQTT'), '04c2003c', field(clientId), field('any'), field(token));
}
