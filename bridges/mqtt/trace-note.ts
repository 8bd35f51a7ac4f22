/** What the trace keeps of an MQTT message and of what became of it. Pure. */
import { packReadings } from '#contract/traced-readings.ts';
import type { Source, TraceNote } from '#ports';
import type { InboundMessage, Outcome, ToldMeaning } from './meaning.ts';

/** One for all: most messages bring readings and nothing else. */
const none: readonly never[] = [];

export function toSource({ principal, address, topic }: InboundMessage): Source {
  return { edge: 'mqtt', principal, address, topic };
}

export function toTraceNote(message: InboundMessage, outcome: Outcome): TraceNote {
  const { receivedAtUs, isReplay, qos } = message;
  const { meaning } = outcome;
  const rejected = (outcome.kind === 'taken' ? outcome.receipt?.rejected : undefined) ?? none;
  return {
    source: toSource(message),
    receivedAtUs,
    isState: isReplay,
    qos,
    decoder: meaning?.decoder,
    readings: packReadings(meaning?.readings ?? none),
    events: meaning?.events ?? none,
    others: meaning === undefined ? none : othersOf(meaning),
    problems: meaning?.problems ?? none,
    rejected,
    outcome: wordOf(outcome, rejected.length > 0),
    reason: reasonOf(outcome),
  };
}

function othersOf({
  presence = none,
  reported = none,
  descriptions = none,
}: ToldMeaning): TraceNote['others'] {
  return presence.length + reported.length + descriptions.length === 0
    ? none
    : [...presence, ...reported, ...descriptions];
}

function wordOf({ kind }: Outcome, isPartly: boolean): TraceNote['outcome'] {
  if (kind === 'taken') return isPartly ? 'partly' : 'taken';
  return kind === 'unmapped' ? 'inbox' : 'quarantined';
}

function reasonOf(outcome: Outcome): TraceNote['reason'] {
  switch (outcome.kind) {
    case 'taken':
      return undefined;
    case 'unmapped':
      return { code: 'unmapped', message: outcome.why };
    case 'rejected':
    case 'refused':
      return { code: outcome.code, message: outcome.message };
  }
}
