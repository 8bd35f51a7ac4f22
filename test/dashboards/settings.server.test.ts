/** The settings in a real browser. */
import { expect, test } from 'vitest';
import { hold } from '../support/browser.ts';
import { objections } from './support/axe.ts';
import { describeDashboards } from './support/stage.ts';
import { plausibleFleet } from './support/stub-fleet.ts';

describeDashboards('The settings', (stage) => {
  test('an admin makes a token, sees its secret once, and revokes it by holding', async () => {
    await stage.open(plausibleFleet(Date.now()), '#/settings', 'admin');
    await stage.page.getByRole('textbox', { name: 'Name' }).fill('Hall <b>panel</b>');
    await stage.page.getByRole('textbox', { name: 'Groups' }).fill('greenhouse, power');
    await stage.page.getByLabel('Expires').selectOption('30');
    await stage.page.getByRole('button', { name: 'Make a token' }).click();
    await stage.page.getByText('sbx_secret_of_t2').waitFor();
    expect(stage.hub.tokens[0]).toMatchObject({
      name: 'Hall <b>panel</b>',
      role: 'viewer',
      groups: ['greenhouse', 'power'],
    });
    const revoke = stage.page.getByRole('button', { name: 'Revoke: Kitchen tablet' });
    await revoke.click();
    await hold(revoke);
    await expect.poll(() => stage.hub.tokens.map(({ id }) => id)).toEqual(['t2', 't0']);
    await stage.page.getByRole('row', { name: 'Kitchen tablet' }).waitFor({ state: 'detached' });
    expect(stage.complaints).toEqual([]);
  });

  test('a token is edited by keyboard: only what changed is sent, and the focus comes back', async () => {
    await stage.open(plausibleFleet(Date.now()), '#/settings', 'admin');
    const { page, hub } = stage;
    const edit = page.getByRole('button', { name: 'Edit: Kitchen tablet' });
    await edit.focus();
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog', { name: 'Edit the token Kitchen tablet' });
    const save = dialog.getByRole('button', { name: 'Save' });
    expect(await save.isDisabled()).toBe(true);
    expect(await dialog.getByLabel('Role').locator('option').allTextContents()).toHaveLength(3);
    await dialog.getByLabel('Name').fill('refused');
    await page.keyboard.press('Enter');
    await dialog.getByRole('alert').waitFor();
    expect(await dialog.getByLabel('Name').inputValue()).toBe('refused');
    await dialog.getByLabel('Name').fill('Hall');
    await dialog.getByLabel('Groups').fill('power, greenhouse');
    await dialog.getByLabel('Role').selectOption('operator');
    expect(await objections(page)).toEqual([]);
    await save.focus();
    await page.keyboard.press('Enter');
    await dialog.waitFor({ state: 'detached' });
    expect(hub.tokenPatches).toEqual([
      { id: 't1', name: 'Hall', role: 'operator', groups: ['power', 'greenhouse'] },
    ]);
    await page.getByRole('row', { name: 'Hall' }).waitFor();
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Edit');
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    expect(hub.tokenPatches).toHaveLength(1);
  });

  test('rules of retention are written, refused with a sentence, and saved by holding', async () => {
    await stage.open(plausibleFleet(Date.now()), '#/settings', 'admin');
    const { page, hub } = stage;
    await page.getByText('what none fits is kept 365 days').waitFor();
    await page.getByRole('button', { name: 'Another rule' }).click();
    const added = page.getByRole('group', { name: 'Rule 3' });
    await added.getByLabel('Group').fill('nowhere');
    await added.getByLabel('Days').fill('0.5');
    const save = page.getByRole('button', { name: 'Save the rules' });
    expect(await save.isDisabled()).toBe(true);
    await added.getByLabel('Days').fill('7');
    await hold(save);
    await page.getByText('The rule names a group that cannot be.').waitFor();
    await added.getByLabel('Group').fill('greenhouse');
    await added.getByRole('button', { name: 'Move up' }).click();
    await page.getByRole('group', { name: 'Rule 1' }).getByRole('button', { name: 'Remove' }).click();
    await hold(save);
    await save.waitFor({ state: 'detached' });
    expect(hub.keeping.retention.rules).toEqual([
      { group: 'greenhouse', days: 7 },
      { metric: 'energy', days: null },
    ]);
  });

  test('a group gets a title; one with devices is neither archived nor deleted, and the hub says why', async () => {
    await stage.open(plausibleFleet(Date.now()), '#/settings', 'admin');
    const { page, hub } = stage;
    await page.getByRole('textbox', { name: 'Title: power' }).fill('Mains');
    await page.getByRole('button', { name: 'Save: power' }).click();
    await expect.poll(() => hub.keeping.groupPatches).toEqual([{ group: 'power', title: 'Mains' }]);
    await page.getByRole('button', { name: 'Archive: power' }).click();
    await page.getByText('A group can be archived when all of its devices are.').waitFor();
    await hold(page.getByRole('button', { name: 'Delete: attic' }));
    await page.getByRole('row', { name: 'attic' }).waitFor({ state: 'detached' });
    expect(await page.getByRole('alert').count()).toBe(0);
  });

  test('who is no admin is offered neither groups nor retention', async () => {
    await stage.open(plausibleFleet(Date.now()), '#/settings', 'operator');
    await stage.page.getByText('Your role is operator.').waitFor();
    expect(await stage.page.getByRole('heading', { name: 'Groups', exact: true }).count()).toBe(0);
    expect(await stage.page.getByText('How long history is kept').count()).toBe(0);
  });

  test('theme, language and time zone are chosen in the settings, and kept', async () => {
    await stage.open(plausibleFleet(Date.now()), '#/settings');
    await stage.page.getByRole('combobox', { name: 'Theme' }).selectOption('dark');
    await stage.page.getByLabel('Time zone').selectOption('Asia/Shanghai');
    await stage.page.getByRole('combobox', { name: 'Language' }).selectOption('zh-CN');
    await stage.page.getByRole('heading', { name: '设置' }).waitFor();
    await stage.page.reload();
    await stage.page.getByRole('heading', { name: '设置' }).waitFor();
    expect(await stage.page.getByLabel('时区').inputValue()).toBe('Asia/Shanghai');
    expect(await stage.page.evaluate(() => document.documentElement.dataset['theme'])).toBe('dark');
    expect(await stage.page.evaluate(() => document.documentElement.lang)).toBe('zh-CN');
    expect(stage.complaints).toEqual([]);
  });
});
