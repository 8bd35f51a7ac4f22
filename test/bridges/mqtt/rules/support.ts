/** A real store in a folder that goes with the test, and what the desks need around it. */
import { randomBytes } from 'node:crypto';
import { onTestFinished } from 'vitest';
import type { Principal } from '#contract/access.ts';
import type { MappingDraft } from '#contract/mapping.ts';
import type { CommittedReading } from '#contract/reading.ts';
import { Inbound } from '../../../../bridges/mqtt/inbound.ts';
import { MappingDesk } from '../../../../bridges/mqtt/rules/mapping-desk.ts';
import { QuarantineReplay } from '../../../../bridges/mqtt/rules/quarantine-replay.ts';
import { systemClock } from '../../../../hub/clock.ts';
import { IngestDoor } from '../../../../hub/ingest/ingest.ts';
import { openStore, type OpenStore } from '../../../../hub/store/store.ts';
import { temporaryFolder } from '../../../hub/store/temporary-file.ts';
import { CountersProbe, silentLog } from '../../../support/fakes.ts';
import { RecordingCommands, RecordingDevices, TableAccess } from '../fakes.ts';
import { toMessage } from '../families/decode.ts';

export const ann: Principal = { id: 'p-ann', tokenId: 't-ann', name: 'Ann', role: 'operator', groups: '*' };

export const mast: MappingDraft = {
  name: 'mast',
  topic: 'mast/{mast}/env',
  group: 'weather',
  device: 'mast-{mast}',
  values: [{ path: '$.t', metric: 'temperature', unit: 'Cel' }],
};

export interface DeskRig {
  readonly store: OpenStore;
  readonly desk: MappingDesk;
  readonly quarantine: QuarantineReplay;
  readonly inbound: Inbound;
  readonly access: TableAccess;
  /** Every reading that the journal holds, in order. */
  stored(): Promise<readonly CommittedReading[]>;
  send(topic: string, payload: string, principal?: string): Promise<void>;
}

export async function startDesk(folder = temporaryFolder()): Promise<DeskRig> {
  const base = { clock: systemClock, log: silentLog, counters: new CountersProbe() };
  const store = await openStore({ folder, ...base });
  onTestFinished(() => store.close());
  const { journal, audit, inbox } = store;
  const ingest = new IngestDoor({ journal, quarantine: store.quarantine, inbox, committed() {}, ...base });
  const access = new TableAccess();
  const common = { audit, access, clock: systemClock };
  const desk = await MappingDesk.open({ store: store.mappings, inbox, random: randomBytes, ...common });
  const parts = { ingest, devices: new RecordingDevices(), commands: new RecordingCommands() };
  const inbound = new Inbound({ ...base, ...parts, families: [], rules: desk.rules });
  desk.use(inbound);
  return {
    store,
    desk,
    inbound,
    access,
    quarantine: new QuarantineReplay({ store: store.quarantine, inbound, ...common }),
    stored: async () => (await journal.read(0, 1000)).readings,
    send: (topic, payload, principal = 'bridge:test') =>
      inbound.take(toMessage(topic, payload, { principal, receivedAtUs: systemClock.nowUs() })),
  };
}
