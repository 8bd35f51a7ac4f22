/** Editing a device, and waiting for one, in a real browser. */
import { expect, test } from 'vitest';
import { hold } from '../support/browser.ts';
import { describeDashboards } from './support/stage.ts';
import { plausibleFleet } from './support/stub-fleet.ts';

const address = '#/groups/greenhouse/devices/bed-02';

describeDashboards('Editing a device', (stage) => {
  test('an admin changes its words and place, and moves it where no other is', async () => {
    await stage.open(plausibleFleet(Date.now()), address, 'admin');
    const { page, hub } = stage;
    await page.getByText('Edit this device').click();
    await page.getByRole('textbox', { name: 'Title' }).fill('Bed <b>two</b>');
    await page.getByLabel('Latitude').fill('north');
    const save = page.getByRole('button', { name: 'Save' });
    expect(await save.isDisabled()).toBe(true);
    await page.getByLabel('Latitude').fill('47.5');
    await save.click();
    await expect
      .poll(() => hub.keeping.devicePatches)
      .toEqual([{ title: 'Bed <b>two</b>', location: { latitude: 47.5 } }]);
    const move = page.getByRole('button', { name: 'Move or rename' });
    await page.getByLabel('Id', { exact: true }).fill('bed-03');
    await hold(move);
    await page.getByText('There is a device of this name: merge, if they are one.').waitFor();
    await page.getByLabel('merge them').check();
    await hold(move);
    await page.getByRole('heading', { name: 'bed-03' }).waitFor();
    expect(hub.keeping.moves).toEqual([{ group: 'greenhouse', device: 'bed-03', merge: true }]);
  });

  test('archived by holding, it is left for the overview', async () => {
    await stage.open(plausibleFleet(Date.now()), address, 'admin');
    const { page, hub } = stage;
    await page.getByText('Edit this device').click();
    await hold(page.getByRole('button', { name: 'Archive' }));
    await page.locator('.card').first().waitFor();
    expect(hub.keeping.devicePatches).toEqual([{ archived: true }]);
  });

  test('who may not change devices is not offered it', async () => {
    await stage.open(plausibleFleet(Date.now()), address, 'operator');
    await stage.page.getByRole('heading', { name: 'bed-02' }).waitFor();
    expect(await stage.page.getByText('Edit this device').count()).toBe(0);
  });

  test('a page open at a device whose group is not there yet shows it when it is', async () => {
    const [first, ...rest] = plausibleFleet(Date.now());
    if (first === undefined) throw new Error('The fleet is empty.');
    await stage.open(rest, '#/groups/attic/devices/lamp-1');
    await stage.page.getByText('There is no device “lamp-1” in attic.').waitFor();
    stage.hub.add({
      ...first,
      info: { ...first.info, group: 'attic', device: 'lamp-1', title: 'Attic lamp' },
    });
    await stage.page.getByRole('heading', { name: 'Attic lamp' }).waitFor();
    expect(stage.complaints).toEqual([]);
  });
});
