import { describe, expect, test } from 'vitest';
import { Notifier } from '../../../dashboards/state/notifier.ts';
import type { NotifyPermission } from '../../../dashboards/state/notifier.ts';
import { ManualTiming } from '../support/fake-socket.ts';

function open(permission: NotifyPermission = 'granted') {
  const timing = new ManualTiming();
  const shown: string[] = [];
  const page = { isWatched: false, isWanted: true };
  const notifier = new Notifier({
    timing,
    desk: {
      permission: () => permission,
      ask: async () => await Promise.resolve('denied' as const),
      show: (title, body) => shown.push(`${title}: ${body}`),
      isWatched: () => page.isWatched,
    },
    isWanted: () => page.isWanted,
    more: (count) => `and ${count} more`,
  });
  return { timing, shown, page, notifier };
}

const offline = { title: 'bed-07', what: 'offline' };

describe('Notifications', () => {
  test('tell what went wrong while nobody looked', () => {
    const { timing, shown, notifier } = open();
    notifier.tell(offline);
    timing.clock.advance(2000);
    notifier.tell({ title: 'pump', what: 'failed: stuck' });
    timing.clock.advance(2000);
    expect(shown).toEqual(['bed-07: offline', 'pump: failed: stuck']);
  });

  test('a storm is told as one', () => {
    const { timing, shown, notifier } = open();
    for (let count = 0; count < 500; count += 1) notifier.tell(offline);
    timing.clock.advance(60_000);
    expect(shown).toEqual(['bed-07: offline · and 499 more']);
  });

  test('say nothing to one who looks, who does not want them, or did not allow them', () => {
    const { timing, shown, page, notifier } = open();
    page.isWatched = true;
    notifier.tell(offline);
    Object.assign(page, { isWatched: false, isWanted: false });
    notifier.tell(offline);
    const refused = open('denied');
    refused.notifier.tell(offline);
    for (const { clock } of [timing, refused.timing]) clock.advance(60_000);
    expect([...shown, ...refused.shown]).toEqual([]);
  });

  test('asking tells what the reader answered', async () => {
    const { notifier } = open('default');
    expect(await notifier.ask()).toBe(false);
    expect(notifier.permission.value).toBe('denied');
  });
});
