/** Short messages at the edge of the screen. Not here: how they look (`Toasts.tsx`). */

import { Store } from '@/data/store';

export interface Toast {
  id: number;
  kind: 'info' | 'ok' | 'error';
  text: string;
  action?: { label: string; run: () => void };
}

/** Errors stay until they are read: people with a screen reader or slow eyes need the time. */
const SHOWN_MS = { info: 5000, ok: 4000, error: 12_000 };
const AT_MOST = 4;

export const toasts = new Store<readonly Toast[]>([]);
let latest = 0;

export function dismiss(id: number): void {
  toasts.set(toasts.get().filter((each) => each.id !== id));
}

function show(kind: Toast['kind'], text: string, action?: Toast['action']): void {
  const same = toasts.get().find((each) => each.kind === kind && each.text === text);
  if (same) dismiss(same.id);
  latest += 1;
  const id = latest;
  toasts.set([...toasts.get(), { id, kind, text, ...(action ? { action } : {}) }].slice(-AT_MOST));
  setTimeout(() => dismiss(id), SHOWN_MS[kind]);
}

/** `toast.ok('Saved')`, `toast.error(problem.message)`, `toast.info('Removed', {label: 'Undo', run})`. */
export const toast = {
  info: (text: string, action?: Toast['action']) => show('info', text, action),
  ok: (text: string, action?: Toast['action']) => show('ok', text, action),
  error: (text: string, action?: Toast['action']) => show('error', text, action),
};
