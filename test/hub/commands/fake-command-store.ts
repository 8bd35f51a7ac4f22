/** A command store and an audit log in memory; the store can fail, and lives on when a service is thrown away. */
import type { Principal } from '#contract/access.ts';
import { isFinal, type CommandAnswer, type CommandMessage, type CommandRecord } from '#contract/command.ts';
import type {
  AuditEntry,
  AuditRow,
  AuditStore,
  CommandQuery,
  CommandStore,
  Confirmation,
  Link,
} from '#ports';

export class FakeCommandStore implements CommandStore {
  readonly rows = new Map<string, CommandRecord>();
  failing: Error | undefined;

  async insert(command: CommandRecord): Promise<{ created: boolean; command: CommandRecord }> {
    this.#mayFail();
    const key = `${command.group}/${command.id}`;
    const known = this.rows.get(key);
    if (known !== undefined) return { created: false, command: known };
    this.rows.set(key, command);
    return { created: true, command };
  }

  async update(command: CommandRecord, from: CommandRecord['state']): Promise<boolean> {
    this.#mayFail();
    const key = `${command.group}/${command.id}`;
    if (this.rows.get(key)?.state !== from) return false;
    this.rows.set(key, command);
    return true;
  }

  async get(group: string, id: string): Promise<CommandRecord | undefined> {
    return this.rows.get(`${group}/${id}`);
  }

  async open(): Promise<readonly CommandRecord[]> {
    return [...this.rows.values()].filter((row) => !isFinal(row.state));
  }

  async list(group: string, { device, before, limit }: CommandQuery) {
    const rows = [...this.rows.values()]
      .filter((row) => row.group === group && (device ?? row.device) === row.device)
      .toReversed();
    const at = rows.findIndex(({ id }) => id === before) + 1;
    return rows.slice(at, at + limit);
  }

  #mayFail(): void {
    if (this.failing !== undefined) throw this.failing;
  }
}

export class FakeAudit implements AuditStore {
  readonly entries: AuditEntry[] = [];
  async append(entry: AuditEntry): Promise<void> {
    this.entries.push(entry);
  }
  async list(): Promise<readonly AuditRow[]> {
    return this.entries.map((entry, id) => ({ id, ...entry }));
  }
}

/** A way to a device that answers what the test says, and remembers what it was given. */
export class FakeLink implements Link {
  readonly edge = 'socketio';
  readonly delivered: CommandMessage[] = [];
  signal: AbortSignal | undefined;
  readonly #answer: () => Promise<CommandAnswer | undefined>;
  readonly #confirmation: Confirmation | undefined;

  constructor(
    answer: () => Promise<CommandAnswer | undefined> = async () => ({ ok: true }),
    confirmation?: Confirmation,
  ) {
    this.#answer = answer;
    this.#confirmation = confirmation;
  }

  confirmation(): Confirmation | undefined {
    return this.#confirmation;
  }

  deliver(command: CommandMessage, signal: AbortSignal): Promise<CommandAnswer | undefined> {
    this.delivered.push(command);
    this.signal = signal;
    return this.#answer();
  }
}

export const operator: Principal = {
  id: 'p1',
  tokenId: 't1',
  name: 'Ada',
  role: 'operator',
  groups: '*',
};
