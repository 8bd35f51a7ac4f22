/** What one MQTT message means to the hub: the common language of our own topics and of all families. Types only. */
import type { CommandAnswer } from '#contract/command.ts';
import type { DeviceDescription } from '#contract/device.ts';
import type { Json } from '#contract/event.ts';
import type { Problem } from '#contract/formats/decoded.ts';
import type { TracedReadings } from '#contract/traced-readings.ts';
import type { IncomingEvent, IncomingReading, Receipt } from '#ports';
import type { FamilyControl, FamilyPublish } from './families/control.ts';

export interface DeviceName {
  readonly group: string;
  readonly device: string;
}

/** What a device answered to a command in its family's own language. */
export interface FamilyAnswer {
  /** The command's. */
  readonly id: string;
  readonly answer: CommandAnswer;
}

/** The way back to whoever sent a message, for what is said in a family's own language. The same object for all of it. */
export interface WayBack {
  isOpen(): boolean;
  /**
   * Publishes with QoS 0: a command must not wait in a session.
   * @param ttlMs after which it must not arrive any more, for brokers that know an expiry
   * @throws {Error} it was not sent, and why
   */
  publish(topic: string, payload: Uint8Array, ttlMs?: number): Promise<void>;
}

export interface Meaning {
  /** Who understood it: `signalbox` for our own topics, else the family. A literal: it is counted under this name. */
  readonly decoder: string;
  readonly readings?: readonly IncomingReading[] | undefined;
  /** Of the readings: they confirm no command. */
  readonly past?: readonly IncomingReading[] | undefined;
  readonly events?: readonly IncomingEvent[] | undefined;
  readonly presence?: readonly (DeviceName & { readonly presence: 'online' | 'offline' })[] | undefined;
  readonly reported?:
    readonly (DeviceName & { readonly state: Readonly<Record<string, Json>> })[] | undefined;
  readonly descriptions?: readonly (DeviceName & { readonly description: DeviceDescription })[] | undefined;
  readonly answer?: (DeviceName & { readonly id: string; readonly answer: CommandAnswer }) | undefined;
  /** What its devices can be told; names are ids. */
  readonly controls?: readonly (DeviceName & { readonly controls: readonly FamilyControl[] })[] | undefined;
  readonly answers?: readonly FamilyAnswer[] | undefined;
  /** What the family's rules want to be said to the sender now. */
  readonly says?: readonly FamilyPublish[] | undefined;
  /** Parts that are nothing of the above, and why. With nothing else beside them the message goes to quarantine. */
  readonly problems?: readonly Problem[] | undefined;
  /** Understood, but nothing to store (a command to a device, a cleared topic): why it goes to the inbox. */
  readonly aside?: string | undefined;
}

/** What is left of a meaning once ingest has its readings: what the trace shows of them. */
export type ToldMeaning = Omit<Meaning, 'readings'> & { readonly readings?: TracedReadings | undefined };

/** A sender that is a device itself; without a group it belongs to the family whose topics it uses. */
export interface Sender {
  readonly group?: string | undefined;
  readonly device: string;
}

export interface Kept {
  /** Names the row: what has no time and no id of its own is stored once under it, however often it is offered. */
  readonly id: string;
  /** Only these of its parts (readings, then events) are not stored yet. */
  readonly partly?: { readonly of: number; readonly rejected: readonly number[] } | undefined;
}

/** What became of a message. */
export type Outcome =
  | { readonly kind: 'taken'; readonly meaning: ToldMeaning; readonly receipt?: Receipt | undefined }
  /** It can never be accepted, for this reason. */
  | {
      readonly kind: 'rejected';
      readonly code: string;
      readonly message: string;
      readonly meaning?: ToldMeaning;
    }
  /** The same, and ingest has put it into quarantine itself. */
  | {
      readonly kind: 'refused';
      readonly code: string;
      readonly message: string;
      readonly meaning: ToldMeaning;
    }
  /** Nobody knows it, or it is set aside. */
  | { readonly kind: 'unmapped'; readonly why: string; readonly meaning?: ToldMeaning };

/** Hears what became of a message: exactly one of the two, once. */
export interface Acknowledgement {
  /** It is durable, or kept for a person to look at: acknowledge it. */
  taken(): void;
  /** Not stored this time: do not acknowledge, the sender will repeat. */
  failed(error: unknown): void;
}

/** One message as it arrived, before anything is known about it. */
export interface InboundMessage {
  readonly topic: string;
  readonly payload: Uint8Array;
  /** MQTT 5. */
  readonly contentType?: string | undefined;
  /** A retained message that answers our own subscription: state, not news. */
  readonly isReplay: boolean;
  /** The transport says that it may be a repeat and nothing makes sure that it is none. */
  readonly possibleDuplicate: boolean;
  readonly exactlyOnce?: { readonly clientId: string; readonly packetId: number } | undefined;
  /** Its broker soon sends nothing more before it is acknowledged. */
  readonly isUrgent?: boolean | undefined;
  /** As it reached the hub. */
  readonly qos?: 0 | 1 | 2 | undefined;
  /** Microseconds. */
  readonly receivedAtUs: number;
  readonly principal: string;
  /** Whom topics mean that say `me`; unknown behind another broker. */
  readonly sender?: Sender | undefined;
  readonly address?: string | undefined;
  /** Undefined: nothing is said to a broker that the hub did not start, unless its owner wants it. */
  readonly back?: WayBack | undefined;
  /** It lies in quarantine or in the inbox, and is offered again. */
  readonly kept?: Kept | undefined;
  /** May the sender write to this device? What a payload claims is never believed without asking. */
  mayWrite(group: string, device: string): boolean;
}

export type KeptMessage = InboundMessage & { readonly kept: Kept };
