import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import type { Principal } from '#contract/access.ts';
import { senderRights } from '../../../../bridges/mqtt/rules/sender-rights.ts';
import { AccessControl } from '../../../../hub/access/access.ts';
import { MemoryAudit, MemoryTokenStore } from '../../../hub/access/support.ts';
import { CountersProbe, silentLog } from '../../../support/fakes.ts';
import { ManualClock } from '../../../support/manual-clock.ts';

test('a sender has the rights that its token has now; a broker that we read is trusted', async () => {
  const access = await AccessControl.open({
    store: new MemoryTokenStore(),
    audit: new MemoryAudit(),
    random: randomBytes,
    clock: new ManualClock(),
    log: silentLog,
    counters: new CountersProbe(),
  });
  const admin = access.authenticate((await access.bootstrap()) ?? '') as Principal;
  const { info, secret } = await access.createToken({ name: 'g', role: 'gateway', groups: ['house'] }, admin);
  const sender = access.authenticate(secret)?.id ?? '';
  expect(senderRights(access, sender)('house', 'x')).toBe(true);
  expect(senderRights(access, sender)('garden', 'x')).toBe(false);
  await access.revokeToken(info.id, admin);
  expect(senderRights(access, sender)('house', 'x')).toBe(false);
  expect(senderRights(access, 'nobody')('house', 'x')).toBe(false);
  expect(senderRights(access, 'bridge:attic')('house', 'x')).toBe(true);
});
