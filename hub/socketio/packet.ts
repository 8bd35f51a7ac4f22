/**
 * One Socket.IO packet, and how it is written.
 * Spec: Socket.IO protocol v5, "Packet encoding". Pure: no I/O, no clock.
 */

export const PacketType = {
  connect: 0,
  disconnect: 1,
  event: 2,
  ack: 3,
  connectError: 4,
  binaryEvent: 5,
  binaryAck: 6,
} as const;

/** A packet as parsers and adapters pass it around; the field names are Socket.IO's. */
export interface Packet {
  type: number;
  nsp: string;
  data?: unknown;
  id?: number | undefined;
  attachments?: number | undefined;
}

/** What goes to the engine for one packet: the text, then its attachments. */
export type Encoded = readonly (string | Uint8Array)[];

/** A value of which the JSON is there already; for whoever looks at the value it is made from that. */
class JsonText {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  toJSON(): unknown {
    return JSON.parse(this.text);
  }
}

/** Stands for a value as an argument of an event, and spares its encoding. @param text its JSON, written as it is */
export function jsonText(text: string): object {
  return new JsonText(text);
}

export function isBinary(value: object): boolean {
  return ArrayBuffer.isView(value) || value instanceof ArrayBuffer || value instanceof Blob;
}

/** The frames of a packet: one text, followed by one binary frame for each attachment. */
export function encodePacket(packet: Packet): (string | Uint8Array)[] {
  const { type, data } = packet;
  if ((type === PacketType.event || type === PacketType.ack) && containsBinary(data)) {
    const attachments: Uint8Array[] = [];
    const json = JSON.stringify(withPlaceholders(data, attachments));
    const binaryType = type === PacketType.event ? PacketType.binaryEvent : PacketType.binaryAck;
    return [`${binaryType}${attachments.length}-${head(packet)}${json}`, ...attachments];
  }
  return [encodeText(packet)];
}

function encodeText(packet: Packet): string {
  const { type, data } = packet;
  if (data === undefined || data === null) return `${type}${head(packet)}`;
  // A binary packet that reaches this point was taken apart by its maker.
  const count =
    type === PacketType.binaryEvent || type === PacketType.binaryAck ? `${packet.attachments}-` : '';
  return `${type}${count}${head(packet)}${toJson(data)}`;
}

/** As `JSON.stringify`; arguments that are text already go in as they are. */
function toJson(data: unknown): string {
  if (!Array.isArray(data) || !data.some((element) => element instanceof JsonText))
    return JSON.stringify(data);
  let text = '[';
  for (const element of data as readonly unknown[]) {
    if (text.length > 1) text += ',';
    text += element instanceof JsonText ? element.text : (JSON.stringify(element) ?? 'null');
  }
  return `${text}]`;
}

function head({ nsp, id }: Packet): string {
  const namespace = nsp === '/' || nsp === undefined ? '' : `${nsp},`;
  return id === undefined || id === null ? namespace : `${namespace}${id}`;
}

/** Whether anything in the value has to travel as an attachment. */
export function containsBinary(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (Array.isArray(value)) {
    for (const element of value) {
      if (typeof element === 'object' && element !== null && containsBinary(element)) return true;
    }
    return false;
  }
  if (value instanceof JsonText) return false;
  if (isBinary(value)) return true;
  const plain = asJson(value);
  if (plain !== value) return containsBinary(plain);
  for (const key in value) {
    const element: unknown = (value as Record<string, unknown>)[key];
    if (
      typeof element === 'object' &&
      element !== null &&
      Object.hasOwn(value, key) &&
      containsBinary(element)
    ) {
      return true;
    }
  }
  return false;
}

/** What JSON would see of an object: `toJSON` decides, once, as it does for `JSON.stringify`. */
function asJson(value: object): unknown {
  const { toJSON } = value as { toJSON?: unknown };
  return typeof toJSON === 'function' ? (toJSON.call(value) as unknown) : value;
}

/** A copy of the value in which each binary part is a placeholder; the parts are appended to `attachments`. */
function withPlaceholders(value: unknown, attachments: Uint8Array[]): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((element) => withPlaceholders(element, attachments));
  if (isBinary(value)) {
    attachments.push(value as Uint8Array);
    return { _placeholder: true, num: attachments.length - 1 };
  }
  const plain = asJson(value);
  if (plain !== value) return withPlaceholders(plain, attachments);
  const copy: Record<string, unknown> = {};
  for (const key of Object.keys(value)) {
    const part = withPlaceholders((value as Record<string, unknown>)[key], attachments);
    // Assigning `__proto__` would set the prototype and lose the key.
    if (key === '__proto__') Object.defineProperty(copy, key, { value: part, enumerable: true });
    else copy[key] = part;
  }
  return copy;
}
