/** What `npm run demo:stall` has measured, as a table for a person. Pure. */
import type { HubStatus } from '#contract/status.ts';
import { inMs } from '../tally.ts';
import type { Latencies } from '../tally.ts';

interface Seen {
  readonly readings: number;
  readonly gaps: number;
  readonly endReason: string | undefined;
}

export interface StallFigures {
  /** Readings acknowledged during the load. */
  readonly sent: number;
  readonly seconds: number;
  readonly healthy: Seen & { readonly latencies: Latencies };
  readonly sleepers: readonly Seen[];
  readonly before: Pick<HubStatus, 'memoryRss' | 'counters'>;
  readonly after: Pick<HubStatus, 'memoryRss' | 'counters'>;
  readonly load: { readonly ackLatencies: Latencies };
}

export function stallReport(figures: StallFigures): string {
  const { sent, seconds, healthy, sleepers, before, after, load } = figures;
  const closed = sleepers.filter(({ endReason }) => endReason !== undefined);
  const told = sleepers.filter(({ gaps }) => gaps > 0);
  const rows: readonly (readonly [string, string])[] = [
    [
      'readings acknowledged',
      `${sent} (${Math.round(sent / seconds)}/s), p50 ${quantiles(load.ackLatencies)}`,
    ],
    ['healthy: readings received', `${healthy.readings} of ${sent}`],
    ['healthy: age on arrival', `p50 ${quantiles(healthy.latencies)}`],
    ['healthy: gaps', String(healthy.gaps)],
    ['frozen: still connected', `${sleepers.length - closed.length} of ${sleepers.length}`],
    ['frozen: closed', `${closed.length}${reasons(closed)}`],
    ['frozen: readings after thawing', spread(sleepers.map(({ readings }) => readings))],
    ['frozen: told of a gap', `${told.length} of ${sleepers.length}`],
    ['hub memory', `${inMiB(before.memoryRss)} before, ${inMiB(after.memoryRss)} after`],
    ...counted(before.counters, after.counters),
  ];
  const width = Math.max(...rows.map(([name]) => name.length));
  return rows.map(([name, value]) => `  ${name.padEnd(width)}  ${value}`).join('\n');
}

/** What the hub itself has counted meanwhile about dashboards, if anything. */
function counted(
  before: Readonly<Record<string, number>>,
  after: Readonly<Record<string, number>>,
): readonly (readonly [string, string])[] {
  return Object.entries(after)
    .map(([name, count]) => [name, count - (before[name] ?? 0)] as const)
    .filter(([name, grown]) => grown > 0 && /slow|skip|gap|frame|dashboard/i.test(name))
    .map(([name, grown]) => [`hub counted ${name}`, String(grown)] as const);
}

function quantiles(latencies: Latencies): string {
  return `${inMs(latencies.quantile(0.5))}, p99 ${inMs(latencies.quantile(0.99))}`;
}

function reasons(seen: readonly Seen[]): string {
  const distinct = [...new Set(seen.map(({ endReason }) => endReason))];
  return distinct.length === 0 ? '' : ` (${distinct.join(', ')})`;
}

function spread(counts: readonly number[]): string {
  if (counts.length === 0) return 'none';
  const [least, most] = [Math.min(...counts), Math.max(...counts)];
  return least === most ? `${least} each` : `${least} to ${most} each`;
}

function inMiB(bytes: number): string {
  return `${(bytes / 1024 / 1024).toFixed(0)} MiB`;
}
