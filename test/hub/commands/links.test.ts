import { describe, expect, test } from 'vitest';
import { Links } from '../../../hub/commands/links.ts';
import { FakeLink } from './fake-command-store.ts';

describe('Ways to a device', () => {
  test('the one attached last is used; when it ends, the one before', () => {
    const links = new Links();
    const [first, second] = [new FakeLink(), new FakeLink()];
    const endFirst = links.attach('home/lamp', first);
    const endSecond = links.attach('home/lamp', second);
    expect(links.current(['home/lamp'])).toBe(second);
    endSecond();
    expect(links.current(['home/lamp'])).toBe(first);
    endFirst();
    expect(links.current(['home/lamp'])).toBeUndefined();
  });

  test('ending twice ends nothing else, also after the device came back', () => {
    const links = new Links();
    const end = links.attach('home/lamp', new FakeLink());
    end();
    const again = new FakeLink();
    links.attach('home/lamp', again);
    end();
    expect(links.current(['home/lamp'])).toBe(again);
  });

  test('devices have their own', () => {
    const links = new Links();
    links.attach('home/lamp', new FakeLink());
    expect(links.current(['farm/lamp'])).toBeUndefined();
  });
});

test('a device is found under every name that it has, the preferred one first', () => {
  const links = new Links();
  const [old, present] = [new FakeLink(), new FakeLink()];
  links.attach('home/old', old);
  expect(links.current(['home/new', 'home/old'])).toBe(old);
  links.attach('home/new', present);
  expect(links.current(['home/new', 'home/old'])).toBe(present);
});
