/** Pieces that were copied: kept in this browser, so that they can be pasted into another automation or tab. */

import { Store } from '@/data/store';
import { isRecord } from '../model/types';
import { write } from '../model/yamlText';
import type { Clip } from './context';

const KEY = 'marge_piece';

function stored(): Clip | null {
  try {
    const clip: unknown = JSON.parse(localStorage.getItem(KEY) ?? 'null');
    return isRecord(clip) && isRecord(clip.piece) && typeof clip.role === 'string' ? (clip as unknown as Clip) : null;
  } catch {
    return null; // written by somebody else
  }
}

export const clipboard = new Store<Clip | null>(stored());
addEventListener('storage', (event) => event.key === KEY && clipboard.set(stored()));

export function copyPiece(clip: Clip): void {
  clipboard.set(clip);
  localStorage.setItem(KEY, JSON.stringify(clip));
  // For other programs; refused without HTTPS, and then it is in this browser only.
  navigator.clipboard?.writeText(write([clip.piece])).catch(() => undefined);
}
