/**
 * The interface of a device family: recognise a message by topic and shape beyond doubt, decode it to what it says.
 * A family is pure and knows no group, no ids, no rights: `mapping.ts` adds those.
 */
import type { DeviceDescription } from '#contract/device.ts';
import type { Json } from '#contract/event.ts';
import type { DecodedReading, Problem } from '#contract/formats/decoded.ts';
import type { Discovered } from '../discovered.ts';
import type { FamilyMemory } from '../family-memory.ts';
import type { LocalTime } from '../local-time.ts';
import type { FamilyAnswer, Sender } from '../meaning.ts';
import type { FamilyControl, FamilyPublish } from './control.ts';

/** Whom a message is about, as the family says that recognises it. */
export interface About {
  readonly family: string;
  readonly group: string;
  /** The device's own name. */
  readonly device: string;
  /** The metric's own name, if the message holds exactly one. */
  readonly metric?: string | undefined;
}

/** One message with what most families look at, computed once and only if asked for. */
export interface FamilyMessage {
  readonly topic: string;
  /** The topic's levels. */
  readonly levels: readonly string[];
  readonly payload: Uint8Array;
  readonly contentType?: string | undefined;
  readonly receivedAtUs: number;
  /** For devices that tell the time without a zone. */
  readonly localTime: LocalTime;
  /** What discovery messages have told about topics. */
  readonly discovered: Discovered;
  readonly memory: FamilyMemory;
  /** The device that sent the message, if that is known: for topics that say `me`. */
  readonly sender?: Sender | undefined;
  /** The payload as text; undefined if it is not UTF-8. */
  readonly text: string | undefined;
  /** The payload as JSON; undefined if it is none. */
  readonly json: unknown;
  /** Whom a message with this topic and payload would be about; undefined if no family recognises it. */
  about(topic: string, text: string): About | undefined;
}

export interface FamilyEvent {
  readonly name: string;
  readonly timeUs?: number | undefined;
  readonly data?: Json | undefined;
}

/** What one message says about one device. */
export interface FamilyReport {
  /** Where it is not the family's: the sender's own group, or another family's device that is described here. */
  readonly group?: string | undefined;
  /** The device's own name, in any characters. */
  readonly device: string;
  readonly readings?: readonly DecodedReading[] | undefined;
  /** Those of the readings that tell what was while nobody heard it: they show nothing of the present. */
  readonly past?: readonly DecodedReading[] | undefined;
  readonly events?: readonly FamilyEvent[] | undefined;
  readonly presence?: 'online' | 'offline' | undefined;
  readonly reported?: Readonly<Record<string, Json>> | undefined;
  readonly description?: DeviceDescription | undefined;
  /** What can be told to it, with how; shown to people as the description's controls are. */
  readonly controls?: readonly FamilyControl[] | undefined;
}

export interface FamilyOutcome {
  readonly reports: readonly FamilyReport[];
  readonly problems?: readonly Problem[] | undefined;
  /** Answers to commands. */
  readonly answers?: readonly FamilyAnswer[] | undefined;
  /** What has to be said to the sender now, by the family's rules. */
  readonly says?: readonly FamilyPublish[] | undefined;
  /** Nothing in it is for the store, and why. */
  readonly aside?: string | undefined;
}

export interface Family {
  /** Also the group of its devices. */
  readonly name: string;
  /** True only beyond doubt: what is attributed wrongly is worse than what waits in the inbox. */
  recognises(message: FamilyMessage): boolean;
  /** @throws {FormatError} it is this family's, but the payload as a whole makes no sense */
  decode(message: FamilyMessage): FamilyOutcome;
}
