/** The settings in a real browser. */
import { expect, test } from 'vitest';
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
    await revoke.click({ delay: 1000 });
    await expect.poll(() => stage.hub.tokens.map(({ id }) => id)).toEqual(['t2', 't0']);
    await stage.page.getByRole('row', { name: 'Kitchen tablet' }).waitFor({ state: 'detached' });
    expect(stage.complaints).toEqual([]);
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
