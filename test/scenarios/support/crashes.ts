/** kill -9 of the hub while devices of all three protocols send, at random moments or at a named point of its work. */
import type { HubStatus } from '#contract/status.ts';
import { brokenBy, type Break } from '../../support/faults/broken-source.ts';
import { HubProcess, until } from '../../support/hub-process.ts';
import type { Tally } from './ledger.ts';
import { startSenders } from './senders.ts';

const group = 'crash';
const answersPerLife = 20;
/** The start itself passes a few times. */
const firstPass = 40;

export interface CrashTally {
  readonly kills: number;
  readonly senders: readonly Tally[];
  /** Starts after which the epoch was another, or the newest offset lower than one told before: must be 0. */
  readonly offsetsGoneBack: number;
}

/** @param random from 0 to 1 */
export async function runRandomCrashes(kills: number, random: () => number): Promise<CrashTally> {
  await using hub = await HubProcess.start();
  return await crash(hub, kills, async () => {
    const killAt = performance.now() + random() * 300;
    await until(() => performance.now() >= killAt, 1000);
    await hub.kill();
  });
}

/**
 * The hub ends itself at this point of its work, each time at another pass.
 * @param flags of the hub
 */
export async function runPointedCrashes(
  point: Break,
  kills: number,
  flags: readonly string[] = [],
): Promise<CrashTally> {
  await using hub = await HubProcess.start(flags);
  let pass = firstPass;
  return await crash(hub, kills, async () => {
    await hub.kill();
    hub.env = brokenBy(point, pass);
    pass += 13;
    // It may come so far before it announces itself.
    await hub.start().catch(() => {});
    const code = await hub.died(30_000);
    if (code !== null) throw new Error(`It ended with code ${code} instead of crashing.\n${hub.output}`);
    hub.env = {};
  });
}

async function crash(hub: HubProcess, kills: number, end: () => Promise<void>): Promise<CrashTally> {
  const senders = await startSenders(hub, group, Date.now() - 3_600_000);
  const { epoch } = await hub.json<HubStatus>('/api/v1/status');
  let head = 0;
  let offsetsGoneBack = 0;
  try {
    for (let kill = 0; kill < kills; kill += 1) {
      const goals = senders.map(({ ledger }) => ledger.acknowledged + answersPerLife);
      await until(
        () => senders.every(({ ledger }, index) => ledger.acknowledged >= (goals[index] ?? 0)),
        30_000,
        () => `life ${kill}: ${senders.map(({ ledger }) => ledger.acknowledged).join(', ')}\n${hub.output}`,
      );
      await end();
      await hub.start();
      const status = await hub.json<HubStatus>('/api/v1/status');
      if (status.epoch !== epoch || status.store.head < head) offsetsGoneBack += 1;
      head = status.store.head;
    }
  } finally {
    await Promise.all(senders.map((sender) => sender.stop()));
  }
  const tallies: Tally[] = [];
  for (const { ledger } of senders) tallies.push(await ledger.compare(hub, group));
  return { kills, senders: tallies, offsetsGoneBack };
}
