/**
 * What gateways of ChirpStack publish, as Protobuf: of each message the id of the gateway that it is from, of statistics and
 * of the state of the connection all that is a value. In the words of its JSON. Pure.
 * Field numbers: gw.proto of version 4; https://github.com/chirpstack/chirpstack/blob/master/api/proto/gw/gw.proto
 */
import protobuf from 'protobufjs/light.js';

/** Messages by the last level of their topic. */
export type ChirpstackMessage = 'stats' | 'up' | 'ack' | 'exec' | 'raw' | 'mesh' | 'down' | 'config' | 'conn';

type Field = Readonly<{ type: string; id: number; keyType?: string }>;

/** Version 3 has the id as bytes. */
function idAt(id: number): Readonly<Record<string, Field>> {
  return { gatewayIdLegacy: { type: 'bytes', id: 1 }, gatewayId: { type: 'string', id } };
}

const counts: Readonly<Record<string, Field>> = {
  rxPacketsReceived: { type: 'uint32', id: 5 },
  rxPacketsReceivedOk: { type: 'uint32', id: 6 },
  txPacketsReceived: { type: 'uint32', id: 7 },
  txPacketsEmitted: { type: 'uint32', id: 8 },
};
const messages: Readonly<Record<string, Readonly<Record<string, Field>>>> = {
  stats: {
    ...idAt(17),
    time: { type: 'Timestamp', id: 2 },
    location: { type: 'Location', id: 3 },
    ...counts,
    metadata: { type: 'string', id: 10, keyType: 'string' },
    txPacketsPerFrequency: { type: 'uint32', id: 12, keyType: 'uint32' },
    rxPacketsPerFrequency: { type: 'uint32', id: 13, keyType: 'uint32' },
    txPacketsPerStatus: { type: 'uint32', id: 16, keyType: 'string' },
  },
  Timestamp: { seconds: { type: 'int64', id: 1 }, nanos: { type: 'int32', id: 2 } },
  Location: {
    latitude: { type: 'double', id: 1 },
    longitude: { type: 'double', id: 2 },
    altitude: { type: 'double', id: 3 },
  },
  up: { rxInfo: { type: 'RxInfo', id: 5 } },
  RxInfo: { gatewayId: { type: 'string', id: 1 } },
  ack: idAt(6),
  exec: idAt(6),
  raw: idAt(4),
  mesh: { gatewayId: { type: 'string', id: 1 } },
  down: { gatewayId: { type: 'string', id: 7 } },
  config: idAt(5),
  conn: { ...idAt(3), state: { type: 'uint32', id: 2 } },
};

const root = protobuf.Root.fromJSON({
  nested: Object.fromEntries(
    Object.entries(messages).map(([name, fields]) => [name, { edition: 'proto3', fields: { ...fields } }]),
  ),
});

/** @returns its fields that are set; undefined if the bytes are none of these messages */
export function readChirpstack(
  message: ChirpstackMessage,
  bytes: Uint8Array,
): Readonly<Record<string, unknown>> | undefined {
  const type = root.lookupType(message);
  try {
    const { time, gatewayIdLegacy, ...fields } = type.toObject(type.decode(bytes), { longs: Number }) as {
      readonly time?: { readonly seconds?: number; readonly nanos?: number };
      readonly gatewayIdLegacy?: Uint8Array;
    };
    return {
      ...(gatewayIdLegacy !== undefined && { gatewayId: Buffer.from(gatewayIdLegacy).toString('hex') }),
      ...fields,
      ...(time !== undefined && { time: timeText(time) }),
    };
  } catch {
    return undefined;
  }
}

/** RFC 3339, to the microsecond. */
function timeText({
  seconds = 0,
  nanos = 0,
}: {
  readonly seconds?: number;
  readonly nanos?: number;
}): string {
  const date = new Date(seconds * 1000);
  if (Number.isNaN(date.getTime())) return '';
  return date.toISOString().replace('.000Z', `.${String(Math.floor(nanos / 1000)).padStart(6, '0')}Z`);
}
