/** A topic that nothing knows, taken in by a person: from the inbox, with a preview, to a device with its raw messages. */
import { connectAsync, type MqttClient } from 'mqtt';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { keepScreenshot, launchBrowser, logInAt, sizes, watchComplaints } from '../support/browser.ts';
import { HubProcess, until } from '../support/hub-process.ts';
import { describeWith } from '../support/servers.ts';

const topic = 'plant/kiln-3/raw';
const payload = '{"t":812.5,"state":"heating"}';

describeWith('chromium', 'Mapping by hand', (chromium) => {
  let hub: HubProcess;
  let browser: Browser;
  let page: Page;
  let complaints: string[];
  let sender: MqttClient;

  beforeAll(async () => {
    hub = await HubProcess.start();
    const token = await hub.createToken({
      name: 'kilns',
      role: 'gateway',
      groups: ['plant'],
      topicFilters: ['plant/#'],
    });
    sender = await connectAsync(hub.mqtt, { username: 'kilns', password: token, protocolVersion: 4 });
    await sender.publishAsync(topic, payload, { qos: 1 });
    browser = await launchBrowser(chromium);
    page = await browser.newPage({ viewport: sizes.desktop });
    await logInAt(hub, page);
    complaints = watchComplaints(page);
  });
  afterAll(async () => {
    await browser.close();
    await sender.endAsync();
    await hub[Symbol.asyncDispose]();
  });

  test('the preview says what would become of it, also when the mapping is wrong', async () => {
    await page.goto(`${hub.url}/#/inbox`);
    await page.getByRole('row', { name: topic }).getByRole('button', { name: 'Map' }).click();
    const form = page.getByRole('form', { name: 'Map this topic' });
    await form.getByText('plant / kiln-3 · t = 812.5').waitFor();
    await form.getByLabel('JSONPath 1').fill('$.nothing');
    await form.getByText('$.nothing').waitFor();
    expect(await form.getByText('t = 812.5').count()).toBe(0);
    await form.getByLabel('JSONPath 1').fill('$.t');
    await form.getByLabel('Metric 1').fill('temperature');
    await form.getByLabel('Unit (UCUM) 1').fill('Cel');
    await form.getByText('plant / kiln-3 · temperature = 812.5 Cel').waitFor();
    await keepScreenshot(page, 'mapping');
  });

  test('saved, it takes in what waited, and the device shows what came and how it was understood', async () => {
    await page.getByRole('button', { name: 'Use this mapping' }).click();
    await page.getByText('messages 1, readings 1.').waitFor();
    await page.getByRole('row', { name: 'plant/{device}/raw' }).waitFor();
    await until(async () => (await hub.request('/api/v1/groups/plant/devices/kiln-3')).ok, 10_000);
    await sender.publishAsync(topic, '{"t":813.5}', { qos: 1 });
    await page.goto(`${hub.url}/#/groups/plant/devices/kiln-3`);
    await page.locator('.strip').getByText('813.5').waitFor();
    await page.getByText('Raw messages').click();
    await page.getByText('temperature = 813.5').waitFor();
    await page.getByText('understood by mapping').first().waitFor();
    await keepScreenshot(page, 'trace');
  });

  test('what is desired of a device is told as waiting until it reports so', async () => {
    await page.getByRole('textbox', { name: 'Key' }).fill('interval');
    await page.getByRole('textbox', { name: 'Value' }).fill('30');
    await page.getByRole('button', { name: 'Desire' }).click();
    await page.getByText('the device has not reported it yet').waitFor();
    await hub.request('/api/v1/groups/plant/devices/kiln-3/reported', {
      method: 'POST',
      body: JSON.stringify({ interval: 30 }),
    });
    await page.getByText('as desired').waitFor();
    expect(complaints).toEqual([]);
  });
});
