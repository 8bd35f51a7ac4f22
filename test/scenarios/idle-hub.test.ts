import { expect, test } from 'vitest';
import { HubProcess } from '../support/hub-process.ts';

const megabyte = 1024 * 1024;

test('an idle hub is ready in under 3 s and stays under 150 MB', async () => {
  await using hub = await HubProcess.start();
  const ready = await fetch(`${hub.url}/readyz`);
  const rss = hub.memoryRss();
  console.log(`ready after ${Math.round(hub.readyAfterMs)} ms, ${Math.round(rss / megabyte)} MB resident`);
  expect(ready.status).toBe(200);
  expect(hub.readyAfterMs).toBeLessThan(3000);
  expect(rss).toBeLessThan(150 * megabyte);
});
