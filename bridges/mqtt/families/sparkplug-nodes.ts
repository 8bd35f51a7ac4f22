/**
 * What a Sparkplug host application keeps of each edge node: which birth is in force, its aliases, its sequence number.
 * Who is not understood is asked for a rebirth, at a bounded rate. Spec: Sparkplug 3.0, 5.4 and 6.4.
 */
import { limits } from '#contract/limits.ts';
import { LastSaid } from './sparkplug-last.ts';

/** What the birth told of a metric. */
export interface BornMetric {
  readonly name: string;
  readonly datatype: number;
}

/** The tables of one birth. Names are the device's own, aliases the whole node's. */
export class EdgeNode {
  isBorn = false;
  /** Of the birth in force: a death with another one is an old will. */
  bdSeq: number | undefined;
  readonly devices = new Set<string>();
  /** How far its clock is ahead of ours, by its last message. */
  aheadUs = 0;
  readonly #last = new Map<string, LastSaid>();
  readonly #aliases = new Map<string, BornMetric>();
  readonly #names = new Map<string, BornMetric>();
  #seq: number | undefined;
  #askAgainAtUs = 0;
  #waitUs = firstWaitUs;

  born(seq: number, bdSeq: number | undefined): void {
    this.isBorn = true;
    this.bdSeq = bdSeq;
    this.#seq = seq;
    this.#waitUs = firstWaitUs;
    this.#askAgainAtUs = 0;
    this.#aliases.clear();
    this.#names.clear();
    this.devices.clear();
  }

  died(): void {
    this.isBorn = false;
  }

  /** Its devices that are there: born, or heard without a birth. */
  present(): string[] {
    return [...new Set([...this.devices, ...this.#devicesWhoseDeathCame(undefined)])];
  }

  /** The devices that this message, offered before, has ended. */
  endedBy(receivedAtUs: number): string[] {
    return this.#devicesWhoseDeathCame(receivedAtUs);
  }

  #devicesWhoseDeathCame(atUs: number | undefined): string[] {
    const all = [...this.#last].filter(
      ([name, { deathReceivedUs }]) => name !== '' && deathReceivedUs === atUs,
    );
    return all.map(([name]) => name);
  }

  /** @param device empty for the node itself */
  last(device: string): LastSaid {
    const known = this.#last.get(device);
    if (known !== undefined) return known;
    const last = new LastSaid();
    // Beyond the bound it is remembered for this message only.
    if (this.#last.size < limits.devicesPerGroup) this.#last.set(device, last);
    return last;
  }

  tell(device: string, alias: string | undefined, metric: BornMetric): void {
    if (this.#names.size >= limits.seriesPerDevice * 10) return;
    this.#names.set(`${device}/${metric.name}`, metric);
    if (alias !== undefined) this.#aliases.set(alias, metric);
  }

  byAlias(alias: string): BornMetric | undefined {
    return this.#aliases.get(alias);
  }

  byName(device: string, name: string): BornMetric | undefined {
    return this.#names.get(`${device}/${name}`);
  }

  /** 0 to 255, round and round, over all messages of the node. @returns false if something is missing before it */
  follows(seq: number): boolean {
    const isNext = this.#seq !== undefined && seq === (this.#seq + 1) % 256;
    this.#seq = seq;
    return isNext;
  }

  /** At first every 10 s, then ever more rarely: who does not listen must not be shouted at. */
  mayAsk(nowUs: number): boolean {
    if (nowUs < this.#askAgainAtUs) return false;
    this.#askAgainAtUs = nowUs + this.#waitUs;
    this.#waitUs = Math.min(mostWaitUs, this.#waitUs * 2);
    return true;
  }
}

export class EdgeNodes {
  readonly #nodes = new Map<string, EdgeNode>();
  #secondUs = 0;
  #asked = 0;

  /** Bounded: the node that was first heard longest ago is forgotten first, and asked for its birth again. */
  of(key: string): EdgeNode {
    let node = this.#nodes.get(key);
    if (node !== undefined) return node;
    const [oldest] = this.#nodes.keys();
    if (this.#nodes.size >= limits.devicesPerGroup && oldest !== undefined) this.#nodes.delete(oldest);
    node = new EdgeNode();
    this.#nodes.set(key, node);
    return node;
  }

  /** May this node be asked for its rebirth now? Births are large: after a start not all of them at once. */
  mayAsk(node: EdgeNode, nowUs: number): boolean {
    if (nowUs - this.#secondUs >= 1_000_000) {
      this.#secondUs = nowUs;
      this.#asked = 0;
    }
    if (this.#asked >= asksPerSecond || !node.mayAsk(nowUs)) return false;
    this.#asked += 1;
    return true;
  }
}

const firstWaitUs = 10_000_000;
const mostWaitUs = 300_000_000;
const asksPerSecond = 20;
