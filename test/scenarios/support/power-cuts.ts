/**
 * Power cuts under load: the hub's data folder lies on a disk of its own, whose power is cut at a random moment. Only
 * acknowledgements from before the cut count, since an fsync that races with it may return although nothing was kept.
 */
import { HubProcess, until } from '../../support/hub-process.ts';
import { LoopDisk, type FileSystem } from '../../support/faults/loop-disk.ts';
import { brokenBy, type Break } from '../../support/faults/broken-source.ts';
import { startSenders } from './senders.ts';

const group = 'power';

export interface PowerCutTally {
  readonly fileSystem: FileSystem;
  readonly broken: Break | undefined;
  cuts: number;
  acknowledged: number;
  lost: number;
  invented: number;
  doubled: number;
}

export interface PowerCutOptions {
  readonly fileSystem: FileSystem;
  readonly cuts: number;
  /** From 0 to 1. */
  readonly random: () => number;
  /** Breaks the hub on purpose: then something must be lost. */
  readonly broken?: Break;
}

export async function runPowerCuts({
  fileSystem,
  cuts,
  random,
  broken,
}: PowerCutOptions): Promise<PowerCutTally> {
  const total: PowerCutTally = {
    fileSystem,
    broken,
    cuts: 0,
    acknowledged: 0,
    lost: 0,
    invented: 0,
    doubled: 0,
  };
  for (let cut = 0; cut < cuts; cut += 1) {
    for (const tally of await cutOnce(fileSystem, 100 + random() * 700, broken)) {
      total.acknowledged += tally.acknowledged;
      total.lost += tally.lost;
      total.invented += tally.invented;
      total.doubled += tally.doubled;
    }
    total.cuts += 1;
  }
  return total;
}

async function cutOnce(fileSystem: FileSystem, loadMs: number, broken: Break | undefined) {
  using disk = new LoopDisk(fileSystem);
  await using hub = await HubProcess.start(
    [],
    `${disk.folder}/data`,
    broken === undefined ? {} : brokenBy(broken),
  );
  const senders = await startSenders(hub, group, Date.now() - 3_600_000);
  const count = (): number => senders.reduce((sum, { ledger }) => sum + ledger.acknowledged, 0);
  await until(
    () => senders.every(({ ledger }) => ledger.acknowledged > 0),
    20_000,
    () => hub.output,
  );
  const enough = performance.now() + loadMs;
  await until(
    () => performance.now() > enough && count() > 100,
    20_000,
    () => hub.output,
  );
  const cutAt = await disk.cutPower();
  await hub.kill();
  await Promise.all(senders.map((sender) => sender.stop()));
  for (const { ledger } of senders) ledger.forgetAfter(cutAt);
  disk.unmount();
  disk.mount();
  await hub.start();
  const tallies = [];
  for (const { ledger } of senders) tallies.push(await ledger.compare(hub, group));
  await hub.kill();
  return tallies;
}
