/**
 * The dashboards in headless Chromium at a real hub, against what is promised of them: a screen full of live series, an
 * overview of a thousand, a tab that nobody looked at for a minute, and a year of 1 Hz data (31.5 million readings, which
 * take minutes to write first). `--only live|overview|hidden|year`, `--seconds 60`, `--hidden 60`, `--rounds 7`,
 * `--every 1000` (ms between the readings of the year).
 */
import { parseArgs } from 'node:util';
import { busyFleet } from '../scenarios/support/busy-devices.ts';
import { DashboardUnderLoad } from '../scenarios/support/dashboard-load.ts';
import { measurePage, type PageCost } from '../scenarios/support/page-cost.ts';
import { YearPage } from '../scenarios/support/year-page.ts';
import { findProgram } from '../support/servers.ts';
import { median, short } from './support/statistics.ts';
import { table } from './support/table.ts';

interface Options {
  readonly chromium: string;
  readonly seconds: number;
  readonly hidden: number;
  readonly rounds: number;
  readonly everyMs: number;
}

/** What, figure, promise. */
type Row = readonly [what: string, figure: string, promised: string];

const parts: Readonly<Record<string, (options: Options) => Promise<readonly Row[]>>> = {
  live: async ({ chromium, seconds }) => {
    await using load = await DashboardUnderLoad.open(chromium);
    const { busy, inView } = await load.showHundredSeries();
    using _sender = busy;
    return costRows(`100 series at 10 Hz, ${inView} charts in view`, await measurePage(load.page, seconds));
  },
  overview: async ({ chromium, seconds }) => {
    await using load = await DashboardUnderLoad.open(chromium);
    using _fleet = await busyFleet(load.hub, 500);
    await load.showOverview();
    return costRows('1,000 series at 1 Hz on the overview', await measurePage(load.page, seconds));
  },
  hidden: async ({ chromium, hidden }) => {
    await using load = await DashboardUnderLoad.open(chromium);
    const { busy } = await load.showHundredSeries();
    using _sender = busy;
    const { exactAfterMs, frames, cost } = await load.hideAndShow(busy, hidden * 1000);
    const what = `a tab hidden for ${hidden} s`;
    return [
      [`${what}: exact after`, `${Math.round(exactAfterMs)} ms`, 'at once'],
      [`${what}: frames until then`, String(frames), `${hidden * 10} were sent meanwhile`],
      [`${what}: tasks over 50 ms`, longText(cost), '1'],
    ];
  },
  year: async ({ chromium, rounds, everyMs }) => {
    await using year = await YearPage.open(chromium, everyMs, everyMillions(5_000_000));
    const { readings, tookMs, points, widthPx, largest } = await year.measure(rounds);
    const what = `a year of ${short(readings)} readings`;
    return [
      [
        `${what}: click to chart`,
        `${short(median(tookMs))} ms (worst ${short(Math.max(...tookMs))})`,
        '300 ms',
      ],
      [`${what}: points on the wire`, `${points} for ${widthPx} px`, `${2 * widthPx}`],
      [`${what}: the one spike`, largest === 90 ? 'seen' : 'LOST', 'seen'],
    ];
  },
};

function costRows(what: string, cost: PageCost): readonly Row[] {
  const [before, after] = cost.heapBytes.map((bytes) => (bytes / 1e6).toFixed(1));
  return [
    [`${what}: main thread`, `${(cost.mainThread * 100).toFixed(1)} %`, '35 %'],
    [`${what}: tasks over 50 ms in ${Math.round(cost.seconds)} s`, longText(cost), '1 a minute'],
    [`${what}: heap`, `${before} → ${after} MB`, 'flat'],
  ];
}

function longText({ longTasksMs, longByTheWall }: PageCost): string {
  return `${longTasksMs.length} (${longByTheWall} by the clock)`;
}

/** Says every so often that it goes on. */
function everyMillions(count: number): (readings: number) => void {
  let next = count;
  return (readings) => {
    if (readings < next) return;
    next += count;
    console.log(`${short(readings)} readings written …`);
  };
}

export async function run(): Promise<void> {
  const { values } = parseArgs({
    args: process.argv.slice(3),
    options: {
      only: { type: 'string', default: '' },
      seconds: { type: 'string', default: '60' },
      hidden: { type: 'string', default: '60' },
      rounds: { type: 'string', default: '7' },
      every: { type: 'string', default: '1000' },
    },
  });
  const chromium = findProgram('chromium');
  if (chromium === undefined) throw new Error('Chromium is not installed: test/install-servers installs it.');
  const options = {
    chromium,
    seconds: Number(values.seconds),
    hidden: Number(values.hidden),
    rounds: Number(values.rounds),
    everyMs: Number(values.every),
  };
  const rows: Row[] = [];
  for (const [name, part] of Object.entries(parts))
    if (name.includes(values.only)) rows.push(...(await part(options)));
  console.log(table(['', 'measured', 'promised'], rows));
}
