/** What an authenticator app shows (RFC 6238). */

import { createHmac } from 'node:crypto';

const ABC = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** The code of a secret at a moment (ms). */
export function codeOf(secret: string, at: number): string {
  const bits = [...secret.replaceAll(/\s/g, '')].map((letter) => ABC.indexOf(letter).toString(2).padStart(5, '0')).join('');
  const key = Buffer.from(bits.match(/.{8}/g)!.map((byte) => parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(at / 30_000)));
  const digest = createHmac('sha1', key).update(counter).digest();
  return String((digest.readUInt32BE(digest[19]! & 15) & 0x7fffffff) % 1_000_000).padStart(6, '0');
}
