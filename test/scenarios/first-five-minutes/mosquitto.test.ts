import { test } from 'vitest';

test.todo('an existing MQTT network is understood without configuration (MQTT bridge)');
