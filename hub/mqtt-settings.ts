/** What the settings say about the embedded broker, as a configuration. Reads the certificate; starts nothing. */
import { readFileSync } from 'node:fs';
import { ConfigError, type Path, type SettingValue } from './settings.ts';

export interface EmbeddedConfig {
  readonly host: string;
  readonly port: number;
  readonly tls?:
    { readonly host: string; readonly port: number; readonly cert: string; readonly key: string } | undefined;
  readonly webSocketPort?: number | undefined;
  readonly packetBytes: number;
  readonly connectBytes: number;
}

type Get = (path: Path) => SettingValue | undefined;

/** @throws {ConfigError} the encrypted port has no certificate, or a file cannot be read */
export function resolveEmbedded(get: Get, host: string): EmbeddedConfig {
  const webSocketPort = get('mqtt.websocket.port');
  return {
    host,
    port: Number(get('mqtt.port')),
    tls: resolveTls(get, host),
    webSocketPort: webSocketPort === undefined ? undefined : Number(webSocketPort),
    packetBytes: Number(get('mqtt.packet-bytes')),
    connectBytes: Number(get('mqtt.connect-bytes')),
  };
}

function resolveTls(get: Get, host: string): EmbeddedConfig['tls'] {
  const [port, cert, key] = [get('mqtt.tls.port'), get('mqtt.tls.cert'), get('mqtt.tls.key')];
  if (port === undefined && cert === undefined && key === undefined) return undefined;
  if (port === undefined || cert === undefined || key === undefined)
    throw new ConfigError(
      'mqtt.tls.port, mqtt.tls.cert and mqtt.tls.key belong together: set all three or none.',
    );
  return {
    host: String(get('mqtt.tls.host') ?? host),
    port: Number(port),
    cert: readPem('mqtt.tls.cert', cert),
    key: readPem('mqtt.tls.key', key),
  };
}

function readPem(path: Path, file: SettingValue): string {
  let text: string;
  try {
    text = readFileSync(String(file), 'utf8');
  } catch (cause) {
    throw new ConfigError(`${path} names a file that cannot be read: ${(cause as Error).message}.`, {
      cause,
    });
  }
  if (!text.includes('-----BEGIN')) throw new ConfigError(`${path}: ${String(file)} is no PEM file.`);
  return text;
}
