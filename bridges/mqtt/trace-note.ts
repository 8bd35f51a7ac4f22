/** What the trace keeps of an MQTT message and of what became of it. Pure. */
import type { Source, TraceNote } from '#ports';
import type { InboundMessage, Outcome } from './meaning.ts';

export function toSource({ principal, address, topic }: InboundMessage): Source {
  return { edge: 'mqtt', principal, address, topic };
}

export function toTraceNote(message: InboundMessage, outcome: Outcome): TraceNote {
  const { receivedAtUs, isReplay, qos } = message;
  const { meaning } = outcome;
  const rejected = outcome.kind === 'taken' ? (outcome.receipt?.rejected ?? []) : [];
  return {
    source: toSource(message),
    receivedAtUs,
    isState: isReplay,
    qos,
    decoder: meaning?.decoder,
    readings: meaning?.readings ?? [],
    events: meaning?.events ?? [],
    others: meaning === undefined ? [] : othersOf(meaning),
    problems: meaning?.problems ?? [],
    rejected,
    ...verdictOf(outcome, rejected.length > 0),
  };
}

function othersOf({ presence = [], reported = [], descriptions = [] }: NonNullable<Outcome['meaning']>) {
  return presence.length + reported.length + descriptions.length === 0
    ? []
    : [...presence, ...reported, ...descriptions];
}

function verdictOf(outcome: Outcome, isPartly: boolean): Pick<TraceNote, 'outcome' | 'reason'> {
  switch (outcome.kind) {
    case 'taken':
      return { outcome: isPartly ? 'partly' : 'taken' };
    case 'unmapped':
      return { outcome: 'inbox', reason: { code: 'unmapped', message: outcome.why } };
    case 'rejected':
    case 'refused':
      return { outcome: 'quarantined', reason: { code: outcome.code, message: outcome.message } };
  }
}
