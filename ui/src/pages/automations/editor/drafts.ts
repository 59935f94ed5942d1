/** Unsaved changes, kept in this browser over a reload, a lost connection, a closed tab. */

import { isRecord } from '../model/types';

const PREFIX = 'marge_draft/';
/** Older ones are forgotten. */
const KEPT_MS = 30 * 86_400_000;

export interface Draft {
  text: string;
  at: number;
}

export function draftOf(key: string): Draft | null {
  try {
    const draft: unknown = JSON.parse(localStorage.getItem(PREFIX + key) ?? 'null');
    if (isRecord(draft) && typeof draft.text === 'string' && typeof draft.at === 'number' && Date.now() - draft.at < KEPT_MS) {
      return { text: draft.text, at: draft.at };
    }
  } catch {
    // not JSON: nothing that this editor wrote
  }
  return null;
}

export function keepDraft(key: string, text: string): void {
  try {
    localStorage.setItem(PREFIX + key, JSON.stringify({ text, at: Date.now() } satisfies Draft));
  } catch {
    // the browser's room is used up: the warning before leaving is still there
  }
}

export function forgetDraft(key: string): void {
  localStorage.removeItem(PREFIX + key);
}

/** Which items have unsaved changes here. */
export function draftKeys(): string[] {
  return Object.keys(localStorage).filter((key) => key.startsWith(PREFIX)).map((key) => key.slice(PREFIX.length));
}
