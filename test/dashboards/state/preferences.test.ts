import { describe, expect, test } from 'vitest';
import { Preferences } from '../../../dashboards/state/preferences.ts';

function keepOf(start: Record<string, string> = {}) {
  const kept = new Map(Object.entries(start));
  return {
    kept,
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
  };
}

function refuse(): never {
  throw new Error('denied');
}

describe('Preferences', () => {
  test('follow the system until the reader chooses, and remember the choice', () => {
    const keep = keepOf();
    const preferences = new Preferences({ keep });
    expect(preferences.theme.value).toBe('system');
    preferences.nextTheme();
    expect(new Preferences({ keep }).theme.value).toBe('light');
  });

  test('ignore what is kept but unknown', () => {
    const preferences = new Preferences({
      keep: keepOf({ 'signalbox.theme': 'pink', 'signalbox.locale': 'xx' }),
    });
    expect([preferences.theme.value, preferences.locale()]).toEqual(['system', undefined]);
  });

  test('remember time zone, layout and notifications', () => {
    const keep = keepOf();
    const preferences = new Preferences({ keep });
    preferences.keepZone('Asia/Shanghai');
    preferences.setLayout('table');
    preferences.setNotify(true);
    const again = new Preferences({ keep });
    expect([again.zone(), again.layout.value, again.notify.value]).toEqual(['Asia/Shanghai', 'table', true]);
    again.keepZone(undefined);
    expect(again.zone()).toBeUndefined();
  });

  test('a time zone that this browser does not know is as if none was chosen', () => {
    expect(new Preferences({ keep: keepOf({ 'signalbox.zone': 'Mars/Olympus' }) }).zone()).toBeUndefined();
  });

  test('work without a storage', () => {
    const preferences = new Preferences({ keep: { getItem: refuse, setItem: refuse } });
    preferences.nextTheme();
    expect(preferences.theme.value).toBe('light');
  });

  test('keep the page in step', () => {
    const root = { dataset: {} as DOMStringMap };
    const preferences = new Preferences({ keep: keepOf() });
    const end = preferences.applyTo(root);
    preferences.nextTheme();
    end();
    preferences.nextTheme();
    expect(root.dataset['theme']).toBe('light');
  });
});
