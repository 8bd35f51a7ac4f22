import { describe, expect, test } from 'vitest';
import { limits } from '#contract/limits.ts';
import { PacedIntake } from '../../../bridges/mqtt/paced-intake.ts';
import { ManualClock } from '../../support/manual-clock.ts';

type Handle = (packet: never, callback: () => void) => void;

/** A client with very many messages, each handled when the one before called back, as mqtt.js does it. */
function flood(messages: number, perMessageMs: number, isPaced = true) {
  const clock = new ManualClock();
  const client: { handleMessage: Handle } = { handleMessage: (_packet, callback) => callback() };
  const intake = isPaced ? new PacedIntake(client, clock) : undefined;
  const state = { handled: 0, intake };
  const work = (): void => {
    if (state.handled === messages) return;
    state.handled += 1;
    clock.advance(perMessageMs);
    client.handleMessage(undefined as never, () => process.nextTick(work));
  };
  work();
  return state;
}

const turn = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));

describe('A broker that sends everything at once', () => {
  test('lets others have their turn, and all of it is handled', async () => {
    const state = flood(100, 1);
    let turns = 0;
    for (; state.handled < 100; turns += 1) await turn();
    expect(turns).toBeGreaterThanOrEqual(15);
  });

  test('would have the hub for itself without a pace (control)', async () => {
    const state = flood(100, 1, false);
    await turn();
    expect(state.handled).toBe(100);
  });

  test('waits while too much of it is on its way to the disk', async () => {
    const state = flood(3 * limits.mqttUnacknowledgedPerBroker, 0);
    const { intake } = state;
    const most = limits.mqttUnacknowledgedPerBroker;
    for (let count = 0; count < most; count += 1) intake?.begin();
    const before = state.handled;
    for (let count = 0; count < 10; count += 1) await turn();
    expect(state.handled - before).toBeLessThanOrEqual(1);
    intake?.done();
    for (let count = 0; state.handled < 3 * most; count += 1) {
      expect(count).toBeLessThan(1000);
      await turn();
    }
  });
});
