/** Letters and digits that cannot be mistaken for each other. */
const LETTERS = 'ABCDEFGHJKLMNPQRSTUVWXYZ23456789';
const GROUPS = [0, 5, 10, 15, 20];

/** A key to write down: five groups of five, 125 bits. */
export function newKey(): string {
  // 256 is a multiple of the 32 letters: each is as likely as the others.
  const letters = [...crypto.getRandomValues(new Uint8Array(25))].map((byte) => LETTERS[byte % LETTERS.length]);
  return GROUPS.map((at) => letters.slice(at, at + 5).join('')).join('-');
}
