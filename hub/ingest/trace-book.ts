/**
 * Keeps the last messages of every device, and of every topic that led to none, with the bytes as they came and what
 * became of each part. Of a device that sends more than these in a second, and all of it is well, the newest takes the
 * place of the one before, which is counted. In memory and bounded: who was silent longest is forgotten first.
 */
import type { DeviceName } from '#contract/device.ts';
import { limits } from '#contract/limits.ts';
import { toPayloadText } from '#contract/payload-text.ts';
import type { TracedMessage, TracedValue } from '#contract/trace.ts';
import { bytesOf, devicesOf, type TracedReading } from '#contract/traced-readings.ts';
import type { RawPayload, TraceNote, Traces } from '#ports';

interface Entry {
  readonly note: TraceNote;
  readonly payload: Uint8Array;
  readonly bytes: number;
  /** What it takes in memory, about. */
  readonly weight: number;
  /** So many came right before it that are not kept. */
  readonly skipped: number;
}

/** What a note and each of its parts but readings take in memory, about. */
const weights = { note: 600, part: 200 } as const;
/** Of a message that names very many devices only the first keep it. */
const devicesPerMessage = 32;
/** What a person can still look at one by one takes at least so long to come. */
const crowdedUs = 1_000_000;
const nothing: RawPayload = { bytes: new Uint8Array() };

export class TraceBook implements Traces {
  /** The one that heard something last stands last. */
  readonly #kept = new Map<string, Entry[]>();
  #weight = 0;

  note(note: TraceNote, { bytes: raw }: RawPayload = nothing): void {
    // A copy: an edge's buffer may be a window on a larger one.
    const payload = Uint8Array.prototype.slice.call(raw, 0, limits.tracePayloadBytes);
    const parts = note.events.length + note.problems.length;
    const weight = weights.note + payload.byteLength + bytesOf(note.readings) + parts * weights.part;
    const entry: Entry = { note, payload, bytes: raw.byteLength, weight, skipped: 0 };
    for (const key of keysOf(note)) this.#keep(key, entry);
    while (this.#weight > limits.traceBytes && this.#kept.size > 1) this.#forgetOldest();
  }

  ofDevice(group: string, device: string): readonly TracedMessage[] {
    return this.#list(deviceKey(group, device), (part) => areSame(part, { group, device }));
  }

  ofTopic(topic: string): readonly TracedMessage[] {
    return this.#list(topicKey(topic), () => true);
  }

  #list(key: string, isMine: (part: DeviceName) => boolean): readonly TracedMessage[] {
    return (this.#kept.get(key) ?? []).toReversed().map((entry) => toTraced(entry, isMine));
  }

  #keep(key: string, entry: Entry): void {
    const entries = this.#kept.get(key) ?? [];
    const newest = entries.at(-1);
    if (newest !== undefined && isCrowd(entries, entry)) {
      const { note, payload, bytes, weight } = entry;
      entries[entries.length - 1] = { note, payload, bytes, weight, skipped: newest.skipped + 1 };
      this.#weight += entry.weight - newest.weight;
      return;
    }
    this.#kept.delete(key);
    this.#kept.set(key, entries);
    entries.push(entry);
    this.#weight += entry.weight;
    if (entries.length > limits.traceMessages) this.#weight -= entries.shift()?.weight ?? 0;
  }

  #forgetOldest(): void {
    const [oldest] = this.#kept;
    if (oldest === undefined) return;
    this.#kept.delete(oldest[0]);
    for (const { weight } of oldest[1]) this.#weight -= weight;
  }
}

/** More, of one kind and all well, than anybody could look at. */
function isCrowd(entries: readonly Entry[], next: Entry): boolean {
  const [oldest] = entries;
  const newest = entries.at(-1);
  if (oldest === undefined || newest === undefined || entries.length < limits.traceMessages) return false;
  return (
    next.note.receivedAtUs - oldest.note.receivedAtUs < crowdedUs &&
    next.note.source.topic === newest.note.source.topic &&
    isPlain(next.note) &&
    isPlain(newest.note)
  );
}

function isPlain({ outcome, isState, events, others, problems, rejected }: TraceNote): boolean {
  const isWhole = outcome === 'taken' && isState !== true;
  return isWhole && events.length + others.length + problems.length + rejected.length === 0;
}

function deviceKey(group: string, device: string): string {
  return `${group}/${device}`;
}

/** No id of a group begins so. */
function topicKey(topic: string): string {
  return `:${topic}`;
}

function keysOf({ source, readings, events, others }: TraceNote): Iterable<string> {
  const keys = new Set<string>();
  for (const parts of [devicesOf(readings), events, others]) {
    // Most messages are of one device.
    let last: DeviceName | undefined;
    for (const part of parts) {
      if (keys.size >= devicesPerMessage) return keys;
      if (!areSame(part, last)) keys.add(deviceKey(part.group, part.device));
      last = part;
    }
  }
  if (keys.size === 0 && source.topic !== undefined) keys.add(topicKey(source.topic));
  return keys;
}

function areSame(name: DeviceName, other: DeviceName | undefined): boolean {
  return name.group === other?.group && name.device === other.device;
}

function toTraced(
  { note, payload, bytes, skipped }: Entry,
  isMine: (part: DeviceName) => boolean,
): TracedMessage {
  const { source, receivedAtUs, isState, qos, decoder, outcome, reason, events, problems } = note;
  const readings = [...note.readings];
  const refused = new Map(note.rejected.map((rejection) => [rejection.index, rejection]));
  const taken = <Part extends DeviceName>(parts: readonly Part[], from: number): Part[] =>
    parts.filter((part, index) => isMine(part) && outcome !== 'quarantined' && !refused.has(from + index));
  return {
    at: receivedAtUs / 1000,
    edge: source.edge,
    principal: source.principal,
    topic: source.topic,
    ...toPayloadText(payload),
    bytes,
    skipped: skipped === 0 ? undefined : skipped,
    isState,
    qos,
    decoder,
    outcome,
    reason,
    values: taken(readings, 0).map(toValue),
    events: taken(events, readings.length).map(({ name }) => name),
    dropped: [
      ...problems.map(({ path, code, message }) => ({ what: path, code, message })),
      ...[...refused].flatMap(([index, { code, message }]) => {
        const part = readings[index] ?? events[index - readings.length];
        if (part === undefined || !isMine(part)) return [];
        return [{ what: 'metric' in part ? part.metric : part.name, code, message }];
      }),
    ],
  };
}

function toValue({ group, device, metric, value, quality, timeUs }: TracedReading): TracedValue {
  return { group, device, metric, value, quality, time: timeUs === undefined ? undefined : timeUs / 1000 };
}
