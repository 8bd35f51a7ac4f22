import { expect, test } from 'vitest';
import { traceNoteOf } from '../../../hub/ingest/trace-note.ts';

const source = { edge: 'http', principal: 'p' } as const;
const readings = [{ group: 'g', device: 'd', metric: 'm', value: 1 }];

test('a delivery was taken, partly taken, or not at all', () => {
  const delivery = { source, readings };
  const rejected = [{ index: 0, code: 'c', message: 'm' }];
  expect(traceNoteOf(delivery, 5, [])).toMatchObject({ outcome: 'taken', decoder: 'http', receivedAtUs: 5 });
  expect(traceNoteOf(delivery, 5, rejected)).toMatchObject({ outcome: 'partly', rejected });
  expect(traceNoteOf(delivery, 5, rejected, { code: 'c', message: 'm' })).toMatchObject({
    outcome: 'quarantined',
    reason: { code: 'c', message: 'm' },
  });
});

test('state is shown as state', () => {
  expect(traceNoteOf({ source, readings: [], state: readings }, 5, [])).toMatchObject({
    isState: true,
    readings,
  });
});
