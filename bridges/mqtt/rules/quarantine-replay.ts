/**
 * Offers what lies in quarantine to the hub again, once a mapping or a device's clock is mended. A replay never doubles:
 * what is stored of a message is not offered, and what the hub has to stamp is named by its row.
 */
import type { Principal } from '#contract/access.ts';
import { limits } from '#contract/limits.ts';
import type { Replayed } from '#contract/mapping.ts';
import type {
  AuditStore,
  Circumstances,
  Clock,
  QuarantineChange,
  QuarantineDesk,
  QuarantineRow,
  QuarantineSelection,
  QuarantineStore,
} from '#ports';
import type { Inbound } from '../inbound.ts';
import type { KeptMessage, Outcome } from '../meaning.ts';
import { ReplayTally } from './replay-tally.ts';
import { senderRights, type KeptAccess } from './sender-rights.ts';

export interface QuarantineReplayOptions {
  readonly store: Pick<QuarantineStore, 'list' | 'settle' | 'purge'>;
  readonly inbound: Pick<Inbound, 'takeKept'>;
  readonly audit: Pick<AuditStore, 'append'>;
  readonly access: KeptAccess;
  readonly clock: Clock;
}

const pageRows = 200;

export class QuarantineReplay implements QuarantineDesk {
  readonly #options: QuarantineReplayOptions;

  constructor(options: QuarantineReplayOptions) {
    this.#options = options;
  }

  async replay(selection: QuarantineSelection, by: Principal): Promise<Replayed> {
    const tally = new ReplayTally();
    for await (const rows of this.#pages(selection)) {
      const changes: QuarantineChange[] = [];
      // The oldest of a page first; pages go back in time.
      for (const row of rows.toReversed()) {
        const change = await this.#offer(row, tally);
        if (change !== undefined) changes.push(change);
      }
      if (changes.length > 0) await this.#options.store.settle(changes);
    }
    const { messages, left } = tally;
    const stayed = Object.values(left).reduce((sum, count) => sum + count, 0);
    await this.#audit(by, 'quarantine:replay', `${messages} taken, ${stayed} left`);
    return tally;
  }

  async purge(selection: QuarantineSelection, by: Principal): Promise<number> {
    const isAll =
      selection.ids === undefined && selection.code === undefined && selection.topic === undefined;
    let gone = 0;
    if (isAll) gone = await this.#options.store.purge();
    else
      for await (const rows of this.#pages(selection))
        gone += await this.#options.store.purge(rows.map(({ id }) => id));
    await this.#audit(by, 'quarantine:purge', `${gone} gone`);
    return gone;
  }

  async *#pages(selection: QuarantineSelection): AsyncGenerator<readonly QuarantineRow[]> {
    let before: number | undefined;
    for (;;) {
      const rows = await this.#options.store.list({ limit: pageRows, before, ...selection });
      if (rows.length > 0) yield rows;
      before = rows.at(-1)?.id;
      if (rows.length < pageRows) return;
    }
  }

  async #offer(row: QuarantineRow, tally: ReplayTally): Promise<QuarantineChange | undefined> {
    const message = toMessage(row, this.#options.access);
    if (typeof message === 'string') {
      tally.leave(message);
      return undefined;
    }
    const outcome = await this.#options.inbound.takeKept(message);
    return tally.add(outcome) === 'done' ? { id: row.id } : { id: row.id, still: stillOf(row, outcome) };
  }

  #audit(by: Principal, action: string, outcome: string): Promise<void> {
    const at = this.#options.clock.nowUs() / 1000;
    return this.#options.audit.append({ at, principal: by.id, action, target: 'quarantine', outcome });
  }
}

/** @returns the message as it arrived, or why it cannot be offered again */
function toMessage(row: QuarantineRow, access: KeptAccess): KeptMessage | 'not-from-mqtt' | 'payload-cut' {
  const { id, source, raw, at, circumstances: { receivedAtUs, isState, partly } = {} } = row;
  if (source.edge !== 'mqtt' || source.topic === undefined) return 'not-from-mqtt';
  if (raw.bytes.byteLength >= limits.quarantinePayloadBytes) return 'payload-cut';
  return {
    topic: source.topic,
    payload: raw.bytes,
    contentType: raw.contentType,
    isReplay: isState === true,
    possibleDuplicate: false,
    receivedAtUs: receivedAtUs ?? Math.round(at * 1000),
    // The ids that a sender gives are told apart by sender: a repeat of its own is still known.
    principal: source.principal,
    address: source.address,
    kept: { id: `quarantine ${id}`, partly },
    mayWrite: senderRights(access, source.principal),
  };
}

/** The reason of now, and which parts are still open. */
function stillOf(
  { code, message, circumstances }: QuarantineRow,
  outcome: Outcome,
): QuarantineChange['still'] {
  if (outcome.kind === 'unmapped') return { code: 'unmapped', message: outcome.why, circumstances };
  if (outcome.kind !== 'taken') return { code: outcome.code, message: outcome.message, circumstances };
  const { rejected = [] } = outcome.receipt ?? {};
  const [first] = rejected;
  return {
    code: first?.code ?? code,
    message: first?.message ?? message,
    circumstances: { ...circumstances, partly: stillOpen(outcome, circumstances?.partly) },
  };
}

function stillOpen(
  { meaning, receipt }: Outcome & { readonly kind: 'taken' },
  before: Circumstances['partly'],
): Circumstances['partly'] {
  const of = (meaning.readings?.length ?? 0) + (meaning.events?.length ?? 0);
  const open = receipt?.rejected.map(({ index }) => before?.rejected[index] ?? index) ?? [];
  return { of, rejected: open };
}
