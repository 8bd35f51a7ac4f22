/** Stand-ins for the parts that the bridge talks to: they keep what they were given. */
import { grants, type Principal, type TokenInfo } from '#contract/access.ts';
import type { CommandAnswer } from '#contract/command.ts';
import type { DeviceDescription } from '#contract/device.ts';
import type { TryAgainError } from '#contract/errors.ts';
import { matchesTopic } from '#contract/topic-filters.ts';
import type {
  Access,
  Commands,
  Delivery,
  Devices,
  EndedRights,
  InboxItem,
  Ingest,
  Link,
  QuarantineItem,
  Receipt,
  Settlement,
  TwinLink,
} from '#ports';

/** Keeps what it was given. `hold` makes it wait as a slow disk would. */
export class RecordingIngest implements Ingest {
  readonly deliveries: Delivery[] = [];
  readonly quarantined: QuarantineItem[] = [];
  readonly inbox: InboxItem[] = [];
  /** Thrown by the next `accept`. */
  failNext: Error | undefined;
  /** What gives way is refused with it. */
  shedding: TryAgainError | undefined;
  #gate: Promise<void> = Promise.resolve();
  #open: () => void = () => {};

  hold(): void {
    this.#gate = new Promise((resolve) => {
      this.#open = resolve;
    });
  }

  letGo(): void {
    this.#open();
  }

  async accept(delivery: Delivery): Promise<Receipt> {
    this.deliveries.push(delivery);
    const error = this.failNext;
    this.failNext = undefined;
    await this.#gate;
    if (error !== undefined) throw error;
    const accepted = delivery.readings.length + (delivery.events?.length ?? 0);
    return { epoch: 'e', offset: this.deliveries.length, accepted, rejected: [] };
  }

  offer(delivery: Delivery, settlement: Settlement): void {
    this.accept(delivery).then(
      (receipt) => settlement.accepted(receipt),
      (error: unknown) => settlement.refused(error),
    );
  }

  shed(): TryAgainError | undefined {
    return this.shedding;
  }

  async quarantine(item: QuarantineItem): Promise<void> {
    this.quarantined.push(item);
  }

  async toInbox(item: InboxItem): Promise<void> {
    this.inbox.push(item);
  }
}

export class RecordingDevices implements Pick<
  Devices,
  'attach' | 'connected' | 'status' | 'reported' | 'describe'
> {
  /** `group/device` of every open connection. */
  readonly open: string[] = [];
  readonly statuses: string[] = [];
  readonly states: { readonly name: string; readonly state: object }[] = [];
  readonly descriptions = new Map<string, DeviceDescription>();
  /** The ways that are open, by `group/device`. */
  readonly links = new Map<string, TwinLink>();

  attach(group: string, device: string, link: TwinLink): () => void {
    const name = `${group}/${device}`;
    this.links.set(name, link);
    return () => void this.links.delete(name);
  }

  connected(group: string, device: string): () => void {
    const name = `${group}/${device}`;
    this.open.push(name);
    return () => void this.open.splice(this.open.indexOf(name), 1);
  }

  status(group: string, device: string, presence: 'online' | 'offline'): void {
    this.statuses.push(`${group}/${device} ${presence}`);
  }

  async reported(group: string, device: string, state: object): Promise<void> {
    this.states.push({ name: `${group}/${device}`, state });
  }

  async describe(group: string, device: string, description: DeviceDescription): Promise<void> {
    this.descriptions.set(`${group}/${device}`, description);
  }
}

export class RecordingCommands implements Pick<Commands, 'attach' | 'answer'> {
  readonly links = new Map<string, Link>();
  readonly answers: { readonly name: string; readonly id: string; readonly answer: CommandAnswer }[] = [];
  isOpen = true;

  attach(group: string, device: string, link: Link): () => void {
    const name = `${group}/${device}`;
    this.links.set(name, link);
    return () => void this.links.delete(name);
  }

  async answer(group: string, device: string, id: string, answer: CommandAnswer): Promise<boolean> {
    this.answers.push({ name: `${group}/${device}`, id, answer });
    return this.isOpen;
  }
}

/** Rights by the contract's own table; tokens are their principals' names. */
export class TableAccess implements Pick<Access, 'may' | 'authenticate' | 'onEnded' | 'tokens'> {
  readonly principals = new Map<string, Principal>();
  #onEnded: (ended: EndedRights) => void = () => {};

  add(name: string, rest: Pick<Principal, 'role' | 'groups'> & Partial<Principal>): Principal {
    const principal: Principal = { id: `p-${name}`, tokenId: `t-${name}`, name, ...rest };
    this.principals.set(name, principal);
    return principal;
  }

  end(name: string): void {
    const principal = this.principals.get(name);
    this.principals.delete(name);
    if (principal !== undefined) this.#onEnded({ tokenId: principal.tokenId });
  }

  /** Somebody logs out whose browser was let in by the same token. */
  endSession(name: string): void {
    this.#onEnded({ tokenId: `t-${name}`, sessionId: `session:${name}` });
  }

  authenticate(token: string): Principal | undefined {
    return this.principals.get(token);
  }

  onEnded(listener: (ended: EndedRights) => void): void {
    this.#onEnded = listener;
  }

  tokens(): readonly TokenInfo[] {
    return [...this.principals.values()].map((principal) => ({ ...principal, createdAt: 0 }));
  }

  may: Access['may'] = (principal, action, { group, device, topic }) => {
    if (!grants[principal.role].includes(action)) return false;
    if (topic !== undefined)
      return (
        principal.role === 'admin' ||
        (principal.topicFilters ?? []).some((filter) => matchesTopic(filter, topic))
      );
    if (principal.groups !== '*' && (group === undefined || !principal.groups.includes(group))) return false;
    return principal.device === undefined || principal.device === device;
  };
}

const patienceMs = 20_000;

/** Waits for something that another part of the process will do. */
export async function until(condition: () => boolean): Promise<void> {
  const deadline = performance.now() + patienceMs;
  while (!condition()) {
    if (performance.now() > deadline)
      throw new Error(`Waited ${patienceMs} ms in vain: ${condition.toString()}`);
    await new Promise((resolve) => setImmediate(resolve));
  }
}
