/** Certificates that live as long as a test: an authority of its own, and what it signed. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface TestCertificates {
  /** PEM files. */
  readonly files: { readonly ca: string; readonly cert: string; readonly key: string };
  readonly ca: string;
  readonly cert: string;
  readonly key: string;
}

/** @param folder where the files are put @param name of the certificate: its files, and its common name */
export function makeCertificate(openssl: string, folder: string, name = 'localhost'): TestCertificates {
  const files = {
    ca: join(folder, 'ca.pem'),
    cert: join(folder, `${name}.pem`),
    key: join(folder, `${name}.key`),
  };
  const caKey = join(folder, 'ca.key');
  const request = join(folder, `${name}.csr`);
  const run = (...args: readonly string[]): void =>
    void execFileSync(openssl, args, { stdio: 'pipe', cwd: folder });
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  run(
    'req',
    '-x509',
    ...key,
    '-keyout',
    caKey,
    '-out',
    files.ca,
    '-subj',
    '/CN=test authority',
    '-days',
    '2',
  );
  run(
    'req',
    ...key,
    '-keyout',
    files.key,
    '-out',
    request,
    '-subj',
    `/CN=${name}`,
    '-addext',
    'subjectAltName=DNS:localhost,IP:127.0.0.1',
  );
  run(
    'x509',
    '-req',
    '-in',
    request,
    '-CA',
    files.ca,
    '-CAkey',
    caKey,
    '-CAcreateserial',
    '-copy_extensions',
    'copy',
    '-days',
    '2',
    '-out',
    files.cert,
  );
  return { files, ca: read(files.ca), cert: read(files.cert), key: read(files.key) };
}

function read(file: string): string {
  return readFileSync(file, 'utf8');
}
