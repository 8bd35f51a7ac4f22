/** The machine's clock jumps under a hub: no reading is lost, and none that was there before goes. */
import { describe, expect, test } from 'vitest';
import type { HistoryAnswer } from '#contract/view.ts';
import { HubProcess } from '../support/hub-process.ts';
import { MovableClock } from '../support/movable-clock.ts';

const dayMs = 86_400_000;
const telemetry = '/api/v1/groups/clock/devices/d/telemetry';

describe.skipIf(!MovableClock.isThere)('The clock jumps', () => {
  test(
    'a day back and 400 days ahead: every reading is there once, whoever stamped it',
    { timeout: 90_000 },
    async () => {
      using clock = new MovableClock();
      await using hub = await HubProcess.start([], undefined, clock.env);
      const nowMs = Date.now();
      const sent: number[] = [];
      const send = async (values: object): Promise<void> => {
        const receipt = await hub.json<{ accepted: number }>(telemetry, {
          method: 'POST',
          body: JSON.stringify(values),
        });
        expect(receipt.accepted).toBe(1);
      };
      const sendSome = async (): Promise<void> => {
        for (let count = 0; count < 20; count += 1) {
          const n = sent.length;
          sent.push(n);
          await send({ stamped: n });
          if (n < 20) await send({ ts: nowMs - 60_000 + n, values: { own: n } });
        }
      };
      for (const offset of ['+0', '-1d', '+400d', '+0']) {
        clock.moveTo(offset);
        await sendSome();
      }
      await hub.kill();
      clock.moveTo('+400d');
      await hub.start();
      await sendSome();
      const end = nowMs + 500 * dayMs;
      const history = `/api/v1/groups/clock/devices/d/history?start=0&end=${end}&limit=1000`;
      const { series } = await hub.json<HistoryAnswer>(history);
      const valuesOf = (metric: string): unknown[] =>
        (series.find((candidate) => candidate.metric === metric)?.points ?? []).map(([, value]) => value);
      expect(valuesOf('stamped').toSorted((a, b) => Number(a) - Number(b))).toEqual(sent);
      expect(valuesOf('own')).toEqual(sent.slice(0, 20));
    },
  );
});
