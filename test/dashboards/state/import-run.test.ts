import { expect, test } from 'vitest';
import { HttpProblem } from '../../../dashboards/api/http.ts';
import { formatOf, importDevices, importReadings } from '../../../dashboards/state/import-run.ts';
import type { ImportParts } from '../../../dashboards/state/import-run.ts';
import { Language } from '../../../dashboards/state/language.ts';
import type { Told } from '../../../dashboards/state/works.ts';

/** Takes everything but lines with "no"; is busy so often first. */
class Hub {
  readonly pieces: string[] = [];
  readonly formats: string[] = [];
  busy = 0;

  async importReadings(to: { readonly format: string }, piece: string) {
    if (this.busy-- > 0) throw new HttpProblem(503, 'busy', 'Not now.');
    this.pieces.push(piece);
    this.formats.push(to.format);
    const rows = piece.split('\n').filter((line) => line !== '');
    const rejected = rows.flatMap((line, index) =>
      line.includes('no') ? [{ row: index + 1, message: 'no reading' }] : [],
    );
    return { accepted: rows.length - rejected.length, rejectedCount: rejected.length, rejected };
  }

  async importDevices(rows: string, format: 'csv' | 'json') {
    this.pieces.push(rows);
    this.formats.push(format);
    return { created: 1, changed: 2, unchanged: 3, rejected: [{ row: 1, message: 'no group' }] };
  }
}

function parts(hub: Hub, file: File): ImportParts & { readonly told: Told[] } {
  const told: Told[] = [];
  return {
    api: hub,
    timing: { after: (_ms, fn) => (setImmediate(fn), () => undefined) },
    file,
    tell: (one) => void told.push(one),
    signal: new AbortController().signal,
    told,
  };
}

const words = ({ told }: { readonly told: readonly Told[] }): string | undefined =>
  told.at(-1)?.words(new Language('en'));

test('a file goes piece by piece, in whole lines, and says how far it is', async () => {
  const hub = new Hub();
  const line = 'plant,device=d v=1 1780000000000000\n';
  const run = parts(hub, new File([line.repeat(40_000)], 'a.lp'));
  await importReadings(run, { group: 'plant', precision: 'us' });
  expect(hub.pieces.length).toBeGreaterThan(2);
  expect(hub.pieces.join('')).toBe(line.repeat(40_000));
  expect(hub.pieces.every((piece) => piece.endsWith('\n'))).toBe(true);
  const shares = run.told.map(({ done }) => done);
  expect(shares).toEqual(shares.toSorted((a = 0, b = 0) => a - b));
  expect(shares.at(-1)).toBe(1);
  expect(words(run)).toBe('Readings on disk: 40,000; lines refused: 0.');
});

test('a line that is refused is named by its number in the file', async () => {
  const hub = new Hub();
  const run = parts(hub, new File([`${'a v=1\n'.repeat(100_000)}no\n`], 'a.lp'));
  await importReadings(run, { group: 'plant', precision: 'ns' });
  expect(run.told.at(-1)?.lines).toEqual(['100001: no reading']);
});

test('a busy hub is asked again; one that refuses ends the work', async () => {
  const hub = new Hub();
  hub.busy = 3;
  await importReadings(parts(hub, new File(['a v=1\n'], 'a.lp')), { group: 'plant', precision: 'ns' });
  expect(hub.pieces).toEqual(['a v=1\n']);
  hub.importReadings = () => Promise.reject(new HttpProblem(404, 'no', 'No group.'));
  const run = parts(hub, new File(['a v=1\n'], 'a.lp'));
  await expect(importReadings(run, { group: 'x', precision: 'ns' })).rejects.toThrow('No group.');
});

test('stopped between two pieces, no further one is sent', async () => {
  const hub = new Hub();
  const stop = new AbortController();
  const run = parts(hub, new File(['a v=1\n'.repeat(300_000)], 'a.lp'));
  const tell = (): void => stop.abort();
  const stopped = importReadings({ ...run, tell, signal: stop.signal }, { group: 'plant', precision: 'ns' });
  await expect(stopped).rejects.toThrow(expect.objectContaining({ name: 'AbortError' }));
  expect(hub.pieces).toHaveLength(1);
});

test('devices as JSON go in parts of the list, as CSV with their header', async () => {
  const hub = new Hub();
  const rows = Array.from({ length: 600 }, (_, index) => ({ group: 'g', device: `d${index}` }));
  const run = parts(hub, new File([JSON.stringify(rows)], 'devices.json'));
  await importDevices(run);
  expect(hub.pieces.flatMap((piece) => JSON.parse(piece) as object[])).toEqual(rows);
  expect(run.told.at(-1)?.lines).toEqual(['1: no group', '251: no group', '501: no group']);
  expect(words(run)).toBe('New: 3; changed: 6; as they were: 9; refused: 3.');
  await importDevices(parts(hub, new File(['group,device\ng,d\n'], 'devices.CSV')));
  expect([hub.pieces.at(-1), hub.formats.at(-1)]).toEqual(['group,device\ng,d\n', 'csv']);
});

test('what is no list of rows is told as such', async () => {
  for (const text of ['{"a":1}', 'nonsense'])
    await expect(importDevices(parts(new Hub(), new File([text], 'd.json')))).rejects.toThrow(
      expect.objectContaining({ name: 'WorkError', code: 'not-rows' }),
    );
});

test('the form of a file is told by its name', () => {
  expect(['a.csv', 'A.CSV', 'a.lp', 'a'].map(formatOf)).toEqual([
    'csv',
    'csv',
    'line-protocol',
    'line-protocol',
  ]);
});
