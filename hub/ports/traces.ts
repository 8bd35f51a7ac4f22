/** The last messages of every device and of every topic without one. Types only. */
import type { Problem } from '../contract/formats/decoded.ts';
import type { TracedMessage, TraceOutcome } from '../contract/trace.ts';
import type { TracedReadings } from '../contract/traced-readings.ts';
import type { IncomingEvent, RawPayload, Rejection, Source } from './ingest.ts';

export interface TraceNote {
  readonly source: Source;
  readonly receivedAtUs: number;
  readonly isState?: boolean | undefined;
  readonly qos?: 0 | 1 | 2 | undefined;
  readonly decoder?: string | undefined;
  /** Many are packed: they stay for as long as somebody may look at them. */
  readonly readings: TracedReadings;
  readonly events: readonly IncomingEvent[];
  /** Devices that it says something else about: presence, state, a description. */
  readonly others: readonly { readonly group: string; readonly device: string }[];
  readonly problems: readonly Problem[];
  /** By index into `readings`, then on into `events`. */
  readonly rejected: readonly Rejection[];
  readonly outcome: TraceOutcome;
  readonly reason?: { readonly code: string; readonly message: string } | undefined;
}

export interface Traces {
  /** @param raw the bytes as they came; the start of them is copied */
  note(note: TraceNote, raw: RawPayload | undefined): void;
  /** The newest first; of a message that names several devices, what concerns this one. */
  ofDevice(group: string, device: string): readonly TracedMessage[];
  /** Messages on a topic that led to no device. */
  ofTopic(topic: string): readonly TracedMessage[];
}
