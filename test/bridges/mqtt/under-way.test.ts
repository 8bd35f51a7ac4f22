import { expect, test } from 'vitest';
import type { InboundMessage, Meaning, Outcome } from '../../../bridges/mqtt/meaning.ts';
import { SenderWaits, Understood } from '../../../bridges/mqtt/under-way.ts';

const message: InboundMessage = {
  topic: 'a',
  payload: Buffer.from('1'),
  isReplay: false,
  possibleDuplicate: false,
  receivedAtUs: 1,
  principal: 'p',
  mayWrite: () => true,
};
const meaning: Meaning = { decoder: 'x' };
const receipt = { epoch: 'e', offset: 7, accepted: 1, rejected: [] };

test('the sender hears of a failure at once, and of a verdict by who decides what is kept', () => {
  const heard: string[] = [];
  const acknowledgement = {
    taken: () => void heard.push('taken'),
    failed: (error: unknown) => void heard.push(`failed ${String(error)}`),
  };
  const verdict = new SenderWaits(message, acknowledgement, (about, outcome, waiting) => {
    heard.push(`${about.topic} ${outcome.kind}`);
    waiting.taken();
  });
  verdict.decided({ kind: 'taken', meaning });
  verdict.failed('full');
  expect(heard).toEqual(['a taken', 'taken', 'failed full']);
});

test('what ingest says of a message comes back with it', () => {
  const heard: unknown[] = [];
  const outcomes: Outcome[] = [];
  const verdict = { decided: (outcome: Outcome) => void outcomes.push(outcome), failed: () => undefined };
  const understood: Understood = new Understood(message, meaning, verdict, {
    accepted: (...what) => void heard.push(what),
    refused: (...what) => void heard.push(what),
  });
  understood.accepted(receipt);
  understood.refused('no room');
  expect(heard).toEqual([
    [understood, receipt],
    [understood, 'no room'],
  ]);
  understood.taken(receipt);
  expect(outcomes).toEqual([{ kind: 'taken', meaning, receipt }]);
});

test('what ingest has is kept for the trace alone: the readings of a pack in columns', () => {
  const readings = Array.from({ length: 40 }, (_, index) => {
    return { group: 'g', device: 'd', metric: `m${index}`, value: index };
  });
  const verdict = { decided: () => undefined, failed: () => undefined };
  const ends = { accepted: () => undefined, refused: () => undefined };
  const understood = new Understood(message, { decoder: 'x', readings }, verdict, ends);
  const offered: unknown[] = [];
  const delivery = { source: { edge: 'mqtt', principal: 'p' }, readings } as const;
  understood.handOn(delivery, { offer: (...what) => void offered.push(what) });
  expect(offered).toEqual([[delivery, understood]]);
  expect(understood.meaning.readings).not.toBe(readings);
  expect([...(understood.meaning.readings ?? [])]).toMatchObject(readings);
});
