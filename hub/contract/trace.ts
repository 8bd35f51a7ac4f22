/** What became of a message: the answer to "why is there nothing on my chart?". Types only. */
import type { PayloadText } from './payload-text.ts';
import type { Quality, Value } from './reading.ts';

export type TraceOutcome = 'taken' | 'partly' | 'quarantined' | 'inbox';

export interface TracedValue {
  readonly group: string;
  readonly device: string;
  readonly metric: string;
  readonly value: Value;
  readonly quality?: Quality | undefined;
  /** The payload's own time, epoch ms; without it the arrival counts. */
  readonly time?: number | undefined;
}

export interface TracedMessage extends PayloadText {
  /** Arrival, epoch ms. */
  readonly at: number;
  readonly edge: string;
  readonly principal: string;
  readonly topic?: string | undefined;
  /** Of the payload as it came; the text may show less of it. */
  readonly bytes: number;
  /** The device sends more than can be looked at: so many, alike and all taken, came right before and are not shown. */
  readonly skipped?: number | undefined;
  /** A retained message that answered our own subscription: it seeds the latest value and is no point. */
  readonly isState?: boolean | undefined;
  /** MQTT, as it reached the hub: what is promised for it depends on it. */
  readonly qos?: 0 | 1 | 2 | undefined;
  /** Who understood it: `signalbox`, `mapping`, a family; undefined if nobody did. */
  readonly decoder?: string | undefined;
  readonly outcome: TraceOutcome;
  /** Why it was not taken, or not as a whole. */
  readonly reason?: { readonly code: string; readonly message: string } | undefined;
  readonly values: readonly TracedValue[];
  /** Names of what happened. */
  readonly events: readonly string[];
  /** What of it is no reading or was refused: a path or a metric, and the reason. */
  readonly dropped: readonly { readonly what: string; readonly code: string; readonly message: string }[];
}
