import { describe, expect, test } from 'vitest';
import {
  isVersionRefusal,
  loginOptions,
  whyAway,
  whyDismissed,
  withoutCredentials,
} from '../../../bridges/mqtt/broker-login.ts';

describe('the login at a broker', () => {
  test('asks an MQTT 5 broker to remember the session and to send so much at a time', () => {
    const options = loginOptions({ name: 'attic', username: 'u', password: 'p' }, 5, undefined);
    expect(options).toMatchObject({
      clientId: 'signalbox-attic',
      username: 'u',
      password: 'p',
      clean: false,
      protocolVersion: 5,
      properties: { sessionExpiryInterval: 86_400, receiveMaximum: 1000 },
    });
    expect(options).not.toHaveProperty('will');
  });
  test('has no properties in MQTT 3.1.1, and names nobody if nobody is named', () => {
    const options = loginOptions({ name: 'attic' }, 4, {
      topic: 't',
      payload: Buffer.from('x'),
      qos: 1,
      retain: true,
    });
    expect(options).not.toHaveProperty('properties');
    expect(options).not.toHaveProperty('username');
    expect(options.will?.topic).toBe('t');
  });
});

test('a refused version is told from other refusals', () => {
  expect(isVersionRefusal({ code: 1 })).toBe(true);
  expect(isVersionRefusal({ code: 132 })).toBe(true);
  expect(isVersionRefusal({ code: 5 })).toBe(false);
  expect(isVersionRefusal(new Error('no code'))).toBe(false);
});

const refusal = (code: number): Error => Object.assign(new Error('Connection refused'), { code });

test('a refused login is told apart from a way that is not there', () => {
  for (const code of [4, 5, 134, 135]) {
    expect(whyAway(refusal(code), { username: 'me' })).toBe('the broker refused the password of me');
    expect(whyAway(refusal(code), {})).toBe('the broker wants a user name and a password');
  }
  expect(whyAway(refusal(3), { username: 'me' })).toBe('Connection refused');
  expect(whyAway(Object.assign(new AggregateError([]), { code: 'ECONNREFUSED' }), {})).toBe('ECONNREFUSED');
});

test('an address is shown without who logs in there', () => {
  expect(withoutCredentials('mqtts://me:secret@192.0.2.5:8883/x')).toBe('mqtts://192.0.2.5:8883');
});

test('only a session that another client took over is something that people can mend', () => {
  expect(whyDismissed(0x8e)).toContain('broker.name');
  expect(whyDismissed(0x8b)).toBeUndefined();
  expect(whyDismissed(undefined)).toBeUndefined();
});
