import { test } from 'vitest';

test.todo('Telegraf writes to the hub unchanged (durable history)');
