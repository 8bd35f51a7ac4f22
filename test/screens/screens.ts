/** Every screen of the dashboards and its notable states: where it is, and how one gets there. */
import type { Page } from 'playwright-core';

export interface Screen {
  readonly hub: 'demo' | 'empty';
  readonly hash: string;
  /** What is there when the screen is. */
  readonly shows: string;
  /** Nobody is logged in. */
  readonly isOutside?: boolean;
  readonly act?: (page: Page) => Promise<void>;
}

const bed = '#/groups/greenhouse/devices/bed-1';
const openDetails = async (page: Page): Promise<void> => {
  for (const summary of await page.locator('main summary').all()) await summary.click();
};

const strangeFile =
  'device,metric,tags,time,value,quality\nbed-1,flow,,2026-01-01T00:00:00Z,1,good\nbed-1,flow,,never,1,good\n';

export const screens: Readonly<Record<string, Screen>> = {
  login: { hub: 'demo', hash: '', shows: '.login input', isOutside: true },
  overview: { hub: 'demo', hash: '#/', shows: '.card .value' },
  'overview-table': {
    hub: 'demo',
    hash: '#/',
    shows: '.card .value',
    act: async (page) => {
      await page.locator('.overview-tools .icon-button').nth(1).click();
      await page.locator('.device-row').first().waitFor();
      await page.screenshot();
    },
  },
  'overview-nothing': {
    hub: 'demo',
    hash: '#/',
    shows: '.overview-tools',
    act: async (page) => {
      await page.locator('.overview-tools .icon-button').nth(0).click();
      await page.locator('.filter').fill('nothing like this');
      await page.locator('.message').waitFor();
    },
  },
  group: { hub: 'demo', hash: '#/groups/power', shows: '.card .value' },
  device: { hub: 'demo', hash: bed, shows: '.chart canvas' },
  'device-day': {
    hub: 'demo',
    hash: '#/groups/power/devices/meter-main',
    shows: '.chart canvas',
    act: async (page) => {
      await page.locator('.ranges button').nth(3).click();
      await page.locator('.chart-tools select').selectOption('before');
      await page
        .locator('.chart .u-over')
        .first()
        .hover({ position: { x: 150, y: 60 } });
    },
  },
  'device-open': { hub: 'demo', hash: bed, shows: '.chart canvas', act: openDetails },
  'device-van': { hub: 'demo', hash: '#/groups/power/devices/van', shows: '.chart canvas' },
  'device-missing': { hub: 'demo', hash: '#/groups/power/devices/nobody', shows: '.message' },
  commands: { hub: 'demo', hash: '#/commands', shows: '.table' },
  inbox: { hub: 'demo', hash: '#/inbox', shows: '.quarantine .table' },
  'inbox-mapping': {
    hub: 'demo',
    hash: '#/inbox',
    shows: '.table',
    act: async (page) => {
      await page.locator('tr', { hasText: 'farm/7' }).locator('.button').first().click();
      await page.locator('.mapping').first().waitFor();
    },
  },
  status: { hub: 'demo', hash: '#/status', shows: '.figures' },
  settings: { hub: 'demo', hash: '#/settings', shows: '.tokens .table' },
  search: {
    hub: 'demo',
    hash: '#/',
    shows: '.card',
    act: async (page) => {
      await page.keyboard.press('/');
      await page.locator('dialog input').fill('bed');
      await page.locator('.found li').nth(2).waitFor();
    },
  },
  keys: {
    hub: 'demo',
    hash: '#/',
    shows: '.card',
    act: async (page) => {
      await page.keyboard.press('?');
      await page.locator('dialog').waitFor();
    },
  },
  export: {
    hub: 'demo',
    hash: bed,
    shows: '.chart canvas',
    act: async (page) => {
      await page.locator('.chart-tools .button').last().click();
      await page.locator('dialog').waitFor();
    },
  },
  work: {
    hub: 'demo',
    hash: '#/settings',
    shows: '.files',
    act: async (page) => {
      const form = page.locator('form.files').first();
      const file = { name: 'north-field.csv', mimeType: 'text/csv', buffer: Buffer.from(strangeFile) };
      await form.locator('input[type=file]').setInputFiles(file);
      await form.locator('input[list]').fill('greenhouse');
      await form.locator('button').click();
      await page.locator('.work[data-end=whole]').waitFor();
    },
  },
  'not-found': { hub: 'demo', hash: '#/nowhere', shows: '.message' },
  'first-steps': { hub: 'empty', hash: '#/', shows: 'main h1' },
  'commands-none': { hub: 'empty', hash: '#/commands', shows: 'main h1' },
  'inbox-none': { hub: 'empty', hash: '#/inbox', shows: 'main h1' },
};
