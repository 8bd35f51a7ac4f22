import { beforeEach, describe, expect, test } from 'vitest';
import { limits } from '#contract/limits.ts';
import type { TraceNote } from '#ports';
import { TraceBook } from '../../../hub/ingest/trace-book.ts';

const reading = (device: string, metric = 'm') => ({ group: 'g', device, metric, value: 1 });

function noteOf(more: Partial<TraceNote>): TraceNote {
  const source = { edge: 'mqtt', principal: 'p', topic: 't' } as const;
  const nothing = { readings: [], events: [], others: [], problems: [], rejected: [] };
  return { source, receivedAtUs: 1000, ...nothing, outcome: 'taken', ...more };
}

let book: TraceBook;
beforeEach(() => {
  book = new TraceBook();
});

describe('a trace', () => {
  test('shows bytes, decoder, what was taken, and what was dropped with the reason', () => {
    const problems = [{ path: '/x', code: 'no-value', message: 'That is an object.' }];
    const rejected = [{ index: 1, code: 'too-old', message: 'Too old.' }];
    const readings = [
      { ...reading('a', 'ok'), quality: 'uncertain', timeUs: 2000 },
      reading('a', 'old'),
    ] as const;
    const raw = { bytes: Buffer.from('{"x":{}}') };
    book.note(noteOf({ readings, problems, rejected, decoder: 'acme', outcome: 'partly' }), raw);
    expect(book.ofDevice('g', 'a')).toEqual([
      {
        at: 1,
        edge: 'mqtt',
        principal: 'p',
        topic: 't',
        payload: '{"x":{}}',
        encoding: 'utf8',
        bytes: 8,
        decoder: 'acme',
        outcome: 'partly',
        values: [{ group: 'g', device: 'a', metric: 'ok', value: 1, quality: 'uncertain', time: 2 }],
        events: [],
        dropped: [
          { what: '/x', code: 'no-value', message: 'That is an object.' },
          { what: 'old', code: 'too-old', message: 'Too old.' },
        ],
      },
    ]);
  });

  test('of a message about several devices each keeps it, with its own parts', () => {
    const events = [{ group: 'g', device: 'b', name: 'press' }];
    const others = [{ group: 'g', device: 'c' }];
    const rejected = [{ index: 1, code: 'bad-name', message: 'No.' }];
    book.note(noteOf({ readings: [reading('a')], events, others, rejected, outcome: 'partly' }));
    expect(book.ofDevice('g', 'a')).toMatchObject([{ values: [{ device: 'a' }], events: [], dropped: [] }]);
    expect(book.ofDevice('g', 'b')).toMatchObject([{ values: [], dropped: [{ what: 'press' }] }]);
    expect(book.ofDevice('g', 'c')).toMatchObject([{ values: [], events: [], dropped: [] }]);
    expect(book.ofTopic('t')).toEqual([]);
  });

  test('a message that led to no device is found by its topic', () => {
    const reason = { code: 'unmapped', message: 'Nobody knows it.' };
    book.note(noteOf({ outcome: 'inbox', reason }));
    expect(book.ofTopic('t')).toMatchObject([{ outcome: 'inbox', reason }]);
  });

  test('the newest comes first, and only the last ones are kept', () => {
    for (let at = 1; at <= limits.traceMessages + 5; at += 1)
      book.note(noteOf({ readings: [reading('a')], receivedAtUs: at * 1_000_000 }));
    const traced = book.ofDevice('g', 'a');
    expect(traced).toHaveLength(limits.traceMessages);
    expect(traced[0]?.at).toBe((limits.traceMessages + 5) * 1000);
    expect(traced.at(-1)?.at).toBe(6000);
  });

  test('of more in a second than anybody can look at the newest is shown, and how many are not', () => {
    const count = limits.traceMessages + 100;
    for (let at = 1; at <= count; at += 1)
      book.note(noteOf({ readings: [reading('a')], receivedAtUs: at * 1000 }));
    const traced = book.ofDevice('g', 'a');
    expect(traced).toHaveLength(limits.traceMessages);
    expect(traced[0]).toMatchObject({ at: count, skipped: 100 });
    expect(traced.at(-1)).toMatchObject({ at: 1 });
  });

  test('what is not like the others is kept, however many come', () => {
    const fast = (at: number, more: Partial<TraceNote>): void =>
      book.note(noteOf({ readings: [reading('a')], receivedAtUs: at, ...more }));
    for (let at = 1; at <= limits.traceMessages; at += 1) fast(at, {});
    const problems = [{ path: '/x', code: 'odd', message: 'Odd.' }];
    fast(100, { problems, outcome: 'partly' });
    fast(101, {});
    fast(102, { events: [{ group: 'g', device: 'a', name: 'press' }] });
    fast(103, {});
    fast(104, {});
    const [newest, press, before, odd] = book.ofDevice('g', 'a');
    expect(newest?.skipped).toBe(1);
    expect(press?.events).toEqual(['press']);
    expect(before?.events).toEqual([]);
    expect(odd?.outcome).toBe('partly');
  });

  test('a long payload is cut, and says how long it was', () => {
    const bytes = Buffer.alloc(limits.tracePayloadBytes + 100, 'x');
    book.note(noteOf({ readings: [reading('a')] }), { bytes });
    const [traced] = book.ofDevice('g', 'a');
    expect(traced?.payload).toHaveLength(limits.tracePayloadBytes);
    expect(traced?.bytes).toBe(bytes.length);
  });

  test('is no window on a buffer that changes', () => {
    const bytes = Buffer.from('before');
    book.note(noteOf({ readings: [reading('a')] }), { bytes });
    bytes.write('after!');
    expect(book.ofDevice('g', 'a')[0]?.payload).toBe('before');
  });

  test('takes bounded memory: who was silent longest is forgotten first', () => {
    const raw = { bytes: Buffer.alloc(limits.tracePayloadBytes) };
    const enough = Math.ceil(limits.traceBytes / limits.tracePayloadBytes);
    for (let index = 0; index < enough; index += 1)
      book.note(noteOf({ readings: [reading(`d${index}`)] }), raw);
    expect(book.ofDevice('g', 'd0')).toEqual([]);
    expect(book.ofDevice('g', `d${enough - 1}`)).toHaveLength(1);
    book.note(noteOf({ readings: [reading(`d${Math.floor(enough / 2)}`)] }), raw);
    for (let index = 0; index < enough / 2; index += 1)
      book.note(noteOf({ readings: [reading(`e${index}`)] }), raw);
    expect(book.ofDevice('g', `d${Math.floor(enough / 2)}`).length).toBeGreaterThan(0);
  });
});
