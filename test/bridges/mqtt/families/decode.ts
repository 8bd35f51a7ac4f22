/** Runs one message through the families as the bridge does, and writes down what it means in short lines. */
import { Discovered } from '../../../../bridges/mqtt/discovered.ts';
import { families } from '../../../../bridges/mqtt/families/all.ts';
import { FamilyMemory } from '../../../../bridges/mqtt/family-memory.ts';
import { LocalTime } from '../../../../bridges/mqtt/local-time.ts';
import { mapToFamily, type MappingContext } from '../../../../bridges/mqtt/mapping.ts';
import type { InboundMessage, Meaning, Sender, WayBack } from '../../../../bridges/mqtt/meaning.ts';

export function toMessage(
  topic: string,
  payload: string | Uint8Array,
  more: Partial<InboundMessage> = {},
): InboundMessage {
  return {
    topic,
    payload: typeof payload === 'string' ? Buffer.from(payload) : payload,
    isReplay: false,
    possibleDuplicate: false,
    receivedAtUs: Date.parse('2026-06-01T12:00:00Z') * 1000,
    principal: 'test',
    mayWrite: () => true,
    ...more,
  };
}

export function toContext(zone?: string): MappingContext {
  return { localTime: new LocalTime(zone), discovered: new Discovered(), memory: new FamilyMemory() };
}

export function map(topic: string, payload: unknown, more: UnderstandOptions = {}): Meaning | undefined {
  const bytes =
    typeof payload === 'string' || payload instanceof Uint8Array ? payload : JSON.stringify(payload);
  const { sender, back, mayWrite = () => true, receivedAtUs } = more;
  const arrival = receivedAtUs === undefined ? {} : { receivedAtUs };
  const message = toMessage(topic, bytes, { sender, back, mayWrite, ...arrival });
  return mapToFamily(message, families, more.context ?? toContext(more.zone));
}

export interface UnderstandOptions {
  readonly zone?: string;
  readonly sender?: Sender;
  readonly mayWrite?: InboundMessage['mayWrite'];
  readonly back?: WayBack;
  readonly receivedAtUs?: number;
  /** Of several messages in a row. */
  readonly context?: MappingContext;
}

/**
 * One line per thing understood: `family/device metric = value unit ~quality @time`, `… ! event data`, `… is online`,
 * `… : model, labels`. Nothing understood is an empty list; not recognised is `['unknown']`.
 */
export function understand(topic: string, payload: unknown, more: UnderstandOptions = {}): string[] {
  const meaning = map(topic, payload, more);
  if (meaning === undefined) return ['unknown'];
  const { readings = [], events = [], presence = [], descriptions = [], problems = [], aside } = meaning;
  const units = new Map<string, string | undefined>();
  for (const { device, description } of descriptions)
    for (const { metric, unit } of description.metrics ?? []) units.set(`${device} ${metric}`, unit);
  return [
    ...readings.map(({ group, device, metric, value, quality = 'good', timeUs }) => {
      const unit = units.get(`${device} ${metric}`);
      return [
        `${group}/${device} ${metric} = ${JSON.stringify(value)}`,
        unit === undefined ? '' : ` ${unit}`,
        quality === 'good' ? '' : ` ~${quality}`,
        at(timeUs),
      ].join('');
    }),
    ...events.map(
      ({ group, device, name, data, timeUs }) =>
        `${group}/${device} ! ${name} ${JSON.stringify(data)}${at(timeUs)}`,
    ),
    ...presence.map(({ group, device, presence: word }) => `${group}/${device} is ${word}`),
    ...problems.map(({ code }) => `problem ${code}`),
    ...(aside === undefined ? [] : ['aside']),
  ];
}

export function understandBytes(topic: string, payload: Uint8Array, context?: MappingContext): string[] {
  return understand(topic, payload, context === undefined ? {} : { context });
}

function at(timeUs: number | undefined): string {
  return timeUs === undefined ? '' : ` @${new Date(timeUs / 1000).toISOString()}`;
}

/** What its devices can be told, one line each: `family/device name kind min..max/step unit (title) → topic payload`. */
export function toldTo(topic: string, payload: unknown, context = toContext()): string[] {
  const back: WayBack = { isOpen: () => true, publish: async () => {} };
  return (map(topic, payload, { context, back })?.controls ?? []).flatMap(({ group, device, controls }) =>
    controls.map(({ name, kind, min, max, step, unit, title, metric, tell }) => {
      const { topic: to, payload: bytes } = tell(kind === 'switch' ? true : (max ?? 1), {
        id: 'c1',
        atMs: 0,
      });
      return [
        `${group}/${device} ${name} ${kind}`,
        kind === 'slider' ? ` ${min}..${max}${step === undefined ? '' : `/${step}`}` : '',
        unit === undefined ? '' : ` ${unit}`,
        title === undefined ? '' : ` (${title})`,
        metric === name ? '' : ` shown by ${metric}`,
        ` → ${to} ${String(bytes)}`,
      ].join('');
    }),
  );
}
