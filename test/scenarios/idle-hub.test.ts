import { join } from 'node:path';
import { expect, test } from 'vitest';
import { warmUp } from '../../hub/warm-up.ts';
import { HubProcess, temporaryFolder, until } from '../support/hub-process.ts';
import { removeFolder } from '../support/clone.ts';

const megabyte = 1024 * 1024;
const maxRss = 150 * megabyte;

test('an idle hub is ready in under 3 s and stays under 150 MB', async () => {
  const parent = temporaryFolder();
  const cache = join(parent, 'cache');
  await warmUp(cache); // as `npm start` does first
  await using hub = await HubProcess.start([], temporaryFolder(), { NODE_COMPILE_CACHE: cache });
  const ready = await fetch(`${hub.url}/readyz`);
  // It gives back what only the start needed a moment after it is ready.
  await until(
    () => hub.memoryRss() < maxRss,
    3000,
    () => `${hub.memoryRss() / megabyte} MB resident`,
  );
  const rss = hub.memoryRss();
  console.log(`ready after ${Math.round(hub.readyAfterMs)} ms, ${Math.round(rss / megabyte)} MB resident`);
  expect(ready.status).toBe(200);
  expect(hub.readyAfterMs).toBeLessThan(3000);
  removeFolder(parent);
});
