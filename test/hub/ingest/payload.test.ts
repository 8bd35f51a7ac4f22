import { describe, expect, test } from 'vitest';
import { limits } from '#contract/limits.ts';
import { boundedPayload, quarantineOf } from '../../../hub/ingest/payload.ts';

const source = { edge: 'http', principal: 'p' } as const;
const incoming = (metric: string) => ({ group: 'home', device: 'meter', metric, value: 1 });

describe('A payload for quarantine', () => {
  test('is a bounded copy, no window on a larger buffer', () => {
    const bytes = new Uint8Array(1_000_000).subarray(10, limits.quarantinePayloadBytes + 50);
    const kept = boundedPayload({ bytes, contentType: 'text/plain' });
    expect(kept.contentType).toBe('text/plain');
    expect(kept.bytes.buffer.byteLength).toBe(limits.quarantinePayloadBytes);
  });
});

describe('A row of quarantine', () => {
  const raw = { bytes: new Uint8Array([1]) };

  test('says what was wrong with the only part', () => {
    const rejected = [{ index: 0, code: 'invalid-metric', message: 'The metric is no valid id.' }];
    expect(quarantineOf({ source, readings: [incoming('')], raw }, rejected, false)).toEqual({
      source,
      code: 'invalid-metric',
      message: 'The metric is no valid id.',
      raw,
      circumstances: {},
    });
  });

  test('says how many of several parts, over readings, events and state', () => {
    const events = [{ group: 'home', device: 'meter', name: '' }];
    const rejected = [{ index: 1, code: 'invalid-event-name', message: 'No.' }];
    const item = quarantineOf({ source, readings: [incoming('a')], events }, rejected, true);
    expect(item.message).toBe('1 of 2 were rejected, first: No.');
    expect(JSON.parse(new TextDecoder().decode(item.raw.bytes))).toEqual(events);
    expect(item.circumstances).toEqual({ partly: { of: 2, rejected: [1] } });
  });
});
