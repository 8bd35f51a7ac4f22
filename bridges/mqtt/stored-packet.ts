/** A packet of the embedded broker as a row, and back. Pure. */
import type { BrokerRow } from '#ports';

export interface StoredPacket {
  readonly cmd?: string | undefined;
  readonly topic: string;
  readonly payload: Buffer | string;
  readonly qos?: number | undefined;
  readonly retain?: boolean | undefined;
  readonly dup?: boolean | undefined;
  readonly messageId?: number | undefined;
  readonly brokerId?: string | undefined;
  readonly brokerCounter?: number | undefined;
  readonly clientId?: string | undefined;
}

const nothing = new Uint8Array();

export function toFacts({ payload, ...facts }: StoredPacket): Pick<BrokerRow, 'facts' | 'payload'> {
  // A PUBREL has none.
  const bytes = (payload as StoredPacket['payload'] | undefined) ?? nothing;
  if (typeof bytes === 'string')
    return { facts: JSON.stringify({ ...facts, isText: true }), payload: Buffer.from(bytes) };
  return { facts: JSON.stringify(facts), payload: bytes };
}

export function toPacket(facts: string, payload: Uint8Array): StoredPacket {
  const { isText, ...packet } = JSON.parse(facts) as Omit<StoredPacket, 'payload'> & { isText?: true };
  const bytes = Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength);
  return { ...packet, payload: isText === true ? bytes.toString() : bytes };
}
