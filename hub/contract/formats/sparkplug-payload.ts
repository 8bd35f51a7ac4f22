/**
 * The payload of Sparkplug B as protobuf: its fields by their numbers, nothing of their meaning. Pure.
 * https://sparkplug.eclipse.org/specification/version/3.0/documents/sparkplug-specification-3.0.0.pdf, chapter 6.4
 */
import protobuf from 'protobufjs/light.js';
import { FormatError } from './decoded.ts';

/** Unsigned on the wire; `Long` where it may be beyond 2^53. */
export interface Long {
  readonly low: number;
  readonly high: number;
  toNumber(): number;
  toSigned(): Long;
  toUnsigned(): Long;
  toString(): string;
}

/** One of these fields is set, unless the value is null. */
export interface SparkplugValue {
  readonly intValue?: number;
  readonly longValue?: Long;
  readonly floatValue?: number;
  readonly doubleValue?: number;
  readonly booleanValue?: boolean;
  readonly stringValue?: string;
  readonly bytesValue?: Uint8Array;
  readonly datasetValue?: SparkplugTable;
  readonly templateValue?: SparkplugTemplate;
}

export interface SparkplugMetric extends SparkplugValue {
  readonly name?: string;
  readonly alias?: Long;
  /** Milliseconds. */
  readonly timestamp?: Long;
  readonly datatype?: number;
  readonly isHistorical?: boolean;
  readonly isNull?: boolean;
  readonly properties?: {
    readonly keys?: readonly string[];
    readonly values?: readonly (SparkplugValue & { readonly type?: number; readonly isNull?: boolean })[];
  };
}

export interface SparkplugTable {
  readonly columns?: readonly string[];
  readonly types?: readonly number[];
  readonly rows?: readonly { readonly elements?: readonly SparkplugValue[] }[];
}

export interface SparkplugTemplate {
  readonly metrics?: readonly SparkplugMetric[];
  readonly isDefinition?: boolean;
}

export interface SparkplugPayload {
  readonly timestamp?: Long;
  readonly metrics?: readonly SparkplugMetric[];
  readonly seq?: Long;
}

type Fields = Readonly<Record<string, readonly [type: string, id: number, rule?: 'repeated']>>;

const valueFields: Fields = {
  intValue: ['uint32', 10],
  longValue: ['uint64', 11],
  floatValue: ['float', 12],
  doubleValue: ['double', 13],
  booleanValue: ['bool', 14],
  stringValue: ['string', 15],
  bytesValue: ['bytes', 16],
  datasetValue: ['DataSet', 17],
  templateValue: ['Template', 18],
};
const messages: Readonly<Record<string, Fields>> = {
  Payload: {
    timestamp: ['uint64', 1],
    metrics: ['Metric', 2, 'repeated'],
    seq: ['uint64', 3],
    uuid: ['string', 4],
    body: ['bytes', 5],
  },
  Metric: {
    name: ['string', 1],
    alias: ['uint64', 2],
    timestamp: ['uint64', 3],
    datatype: ['uint32', 4],
    isHistorical: ['bool', 5],
    isTransient: ['bool', 6],
    isNull: ['bool', 7],
    properties: ['PropertySet', 9],
    ...valueFields,
  },
  PropertySet: { keys: ['string', 1, 'repeated'], values: ['PropertyValue', 2, 'repeated'] },
  PropertyValue: {
    type: ['uint32', 1],
    isNull: ['bool', 2],
    intValue: ['uint32', 3],
    longValue: ['uint64', 4],
    floatValue: ['float', 5],
    doubleValue: ['double', 6],
    booleanValue: ['bool', 7],
    stringValue: ['string', 8],
  },
  DataSet: {
    columns: ['string', 2, 'repeated'],
    types: ['uint32', 3, 'repeated'],
    rows: ['Row', 4, 'repeated'],
  },
  Row: { elements: ['DataSetValue', 1, 'repeated'] },
  DataSetValue: {
    intValue: ['uint32', 1],
    longValue: ['uint64', 2],
    floatValue: ['float', 3],
    doubleValue: ['double', 4],
    booleanValue: ['bool', 5],
    stringValue: ['string', 6],
  },
  Template: { metrics: ['Metric', 2, 'repeated'], isDefinition: ['bool', 5] },
};

const root = protobuf.Root.fromJSON({
  nested: Object.fromEntries(
    Object.entries(messages).map(([name, fields]) => [
      name,
      // What is set to its default is still set.
      { edition: 'proto2', fields: toDescriptors(fields) },
    ]),
  ),
});
const payloadType = root.lookupType('Payload');
// A field that is absent must read as absent: an alias may be 0.
for (const [name, fields] of Object.entries(messages))
  for (const field of Object.keys(fields))
    Object.assign(root.lookupType(name).ctor.prototype as object, { [field]: undefined });

/** What protobufjs has for 64 bits, and types without its makers. */
const { Long } = protobuf.util as unknown as {
  readonly Long: { fromNumber(value: number, unsigned?: boolean): Long };
};

/** @throws {FormatError} `invalid-protobuf` */
export function decodePayload(bytes: Uint8Array): SparkplugPayload {
  try {
    return payloadType.decode(bytes) as SparkplugPayload;
  } catch (error) {
    throw new FormatError('invalid-protobuf', 'The payload is no Sparkplug B payload.', { cause: error });
  }
}

/**
 * @param atMs of the payload and of each metric that has no time of its own
 * @param seq only nodes and devices count; hosts do not
 */
export function encodePayload(atMs: number, metrics: readonly SparkplugMetric[], seq?: number): Uint8Array {
  const timestamp = Long.fromNumber(atMs, true);
  const message = payloadType.create({
    timestamp,
    metrics: metrics.map((metric) => ({ timestamp, ...metric })),
    ...(seq === undefined ? {} : { seq: Long.fromNumber(seq, true) }),
  });
  return payloadType.encode(message).finish();
}

/** As the wire has it: two's complement, unsigned. */
export function toLong(value: number): Long {
  return Long.fromNumber(value).toUnsigned();
}

function toDescriptors(fields: Fields): Record<string, { type: string; id: number; rule?: string }> {
  return Object.fromEntries(
    Object.entries(fields).map(([name, [type, id, rule]]) => [
      name,
      { type, id, ...(rule === undefined ? {} : { rule }) },
    ]),
  );
}
