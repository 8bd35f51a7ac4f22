import { describe, expect, test } from 'vitest';
import { FormatError } from '#contract/formats/decoded.ts';
import { map, understand } from './decode.ts';

describe('OwnTracks', () => {
  test('a location is readings at its own time, and -1 is unknown', () => {
    const payload = {
      _type: 'location',
      lat: 51.5,
      lon: -0.1,
      acc: 8,
      batt: -1,
      vel: 36,
      tid: 'AB',
      tst: 1777629600,
    };
    expect(understand('owntracks/ann/phone', payload)).toEqual([
      'owntracks/ann.phone lat = 51.5 deg @2026-05-01T10:00:00.000Z',
      'owntracks/ann.phone lon = -0.1 deg @2026-05-01T10:00:00.000Z',
      'owntracks/ann.phone acc = 8 m @2026-05-01T10:00:00.000Z',
      'owntracks/ann.phone batt = null ~bad @2026-05-01T10:00:00.000Z'.replace('null', 'null %'),
      'owntracks/ann.phone vel = 36 km/h @2026-05-01T10:00:00.000Z',
    ]);
  });
  test('entering a region is an event', () => {
    expect(
      understand('owntracks/ann/phone/event', {
        _type: 'transition',
        event: 'enter',
        desc: 'home',
        tst: 1777629600,
      }),
    ).toEqual(['owntracks/ann.phone ! enter {"desc":"home"} @2026-05-01T10:00:00.000Z']);
  });
  test('the will tells that the phone is gone', () => {
    expect(understand('owntracks/ann/phone', { _type: 'lwt', tst: 1 })).toEqual([
      'owntracks/ann.phone is offline',
    ]);
  });
  test('an encrypted payload is refused', () => {
    expect(() => map('owntracks/ann/phone', { _type: 'encrypted', data: 'x' })).toThrow(FormatError);
  });
  test('commands are set aside, and other objects are nobody’s', () => {
    expect(understand('owntracks/ann/phone/cmd', { _type: 'cmd', action: 'dump' })).toEqual(['aside']);
    expect(understand('owntracks/ann/phone', { lat: 1 })).toEqual(['unknown']);
  });
});
