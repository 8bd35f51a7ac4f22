/**
 * What can go wrong between this server and a peer that does not keep to the protocol.
 * Pure: nothing here touches a connection.
 */

/** Which rule was broken; stable, so that logs and counters can be searched for it. */
export type ProtocolErrorCode =
  | 'unknown-packet-type'
  | 'invalid-packet'
  | 'invalid-payload'
  | 'payload-too-large'
  | 'too-many-packets'
  | 'too-many-attachments'
  | 'invalid-attachment'
  | 'unexpected-packet';

/** The peer broke the protocol: close its connection, never crash. */
export class ProtocolError extends Error {
  override readonly name = 'ProtocolError';
  readonly code: ProtocolErrorCode;

  constructor(code: ProtocolErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
