/** Stored bytes as an answer can show them: text where they are text, base64 where not. Pure. */

export interface PayloadText {
  readonly payload: string;
  readonly encoding: 'utf8' | 'base64';
}

export function toPayloadText(bytes: Uint8Array): PayloadText {
  try {
    return {
      payload: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes),
      encoding: 'utf8',
    };
  } catch {
    // Not UTF-8: that is what base64 is for.
    return { payload: bytes.toBase64(), encoding: 'base64' };
  }
}
