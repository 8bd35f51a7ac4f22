import { beforeEach, describe, expect, test } from 'vitest';
import type { ChildEnd } from '../../../simulators/demo/child.ts';
import { HubProcess } from '../../../simulators/demo/hub-process.ts';
import type { HubChild } from '../../../simulators/demo/hub-process.ts';
import { ManualClock } from '../../support/manual-clock.ts';
import { settle } from '../support/settle.ts';

class FakeChild implements HubChild {
  readonly pid: number;
  hasEnded = false;
  lastLines: string[] = [];
  #end!: (end: ChildEnd) => void;
  readonly ended = new Promise<ChildEnd>((resolve) => (this.#end = resolve));

  constructor(pid: number) {
    this.pid = pid;
  }

  die(end: ChildEnd): void {
    this.hasEnded = true;
    this.#end(end);
  }

  async stop(): Promise<void> {
    this.die({ code: 0, signal: null });
  }

  kill(): void {
    this.die({ code: null, signal: 'SIGKILL' });
  }
}

let clock: ManualClock;
let children: FakeChild[];
let told: string[];
let isReady: boolean;
let hub: HubProcess;
let stop: AbortController;

beforeEach(() => {
  clock = new ManualClock();
  [children, told] = [[], []];
  isReady = true;
  stop = new AbortController();
  hub = new HubProcess({
    spawn() {
      const child = new FakeChild(100 + children.length);
      children.push(child);
      return child;
    },
    isReady: async () => isReady,
    tell: (line) => told.push(line),
    clock,
  });
});

async function pass(ms: number): Promise<void> {
  for (let passed = 0; passed < ms; passed += 50) {
    clock.advance(50);
    await settle();
  }
}

const killed: ChildEnd = { code: null, signal: 'SIGKILL' };

describe('starting the hub', () => {
  test('is done when the hub says that it is ready', async () => {
    isReady = false;
    let started = false;
    const starting = hub.start(stop.signal).then(() => (started = true));
    await pass(1000);
    expect(started).toBe(false);
    isReady = true;
    await pass(100);
    await starting;
    expect(hub.pid).toBe(100);
  });

  test('fails with the hub’s own last words when it ends instead', async () => {
    isReady = false;
    const starting = hub.start(stop.signal);
    children[0]?.lastLines.push('Signalbox cannot start: the disk is full.', '');
    children[0]?.die({ code: 1, signal: null });
    const failed = expect(starting).rejects.toThrow(
      'The hub did not start: Signalbox cannot start: the disk is full.',
    );
    await pass(100);
    await failed;
  });

  test('fails after half a minute without being ready', async () => {
    isReady = false;
    const failed = expect(hub.start(stop.signal)).rejects.toThrow('The hub was not ready within 30 s.');
    await pass(31_000);
    await failed;
  });
});

describe('keeping it alive', () => {
  test('a hub that dies is started again, and both is told with its pid', async () => {
    await hub.start(stop.signal);
    void hub.keepAlive(stop.signal);
    children[0]?.die(killed);
    await pass(1000);
    expect(hub.pid).toBe(101);
    expect(told).toEqual([
      'The hub (pid 100) died of SIGKILL. Starting it again …',
      'The hub is back (pid 101). Watch the charts close their gap.',
    ]);
  });

  test('a hub that dies again and again is given up', async () => {
    await hub.start(stop.signal);
    const givenUp = expect(hub.keepAlive(stop.signal)).rejects.toThrow('The hub died 5 times in a row');
    for (let death = 0; death < 5; death += 1) {
      children.at(-1)?.die(killed);
      await pass(5000);
    }
    await givenUp;
    expect(children).toHaveLength(5);
  });

  test('deaths far apart are not held against it', async () => {
    await hub.start(stop.signal);
    void hub.keepAlive(stop.signal);
    for (let death = 0; death < 8; death += 1) {
      await pass(61_000);
      children.at(-1)?.die(killed);
      await pass(1000);
    }
    expect(children).toHaveLength(9);
  });

  test('a start that fails on the way is one more death, not the end', async () => {
    await hub.start(stop.signal);
    void hub.keepAlive(stop.signal);
    isReady = false;
    children[0]?.die(killed);
    await pass(500);
    children[1]?.die({ code: 1, signal: null });
    isReady = true;
    await pass(2000);
    expect(hub.pid).toBe(102);
  });

  test('a hub that was stopped on purpose stays down', async () => {
    await hub.start(stop.signal);
    const alive = hub.keepAlive(stop.signal);
    await hub.stop();
    await alive;
    await pass(5000);
    expect(children).toHaveLength(1);
    expect(told).toEqual([]);
  });
});
