/** Opening the quick bar from anywhere. Loaded with the shell, so it stays this small. */

import { useLayoutEffect } from 'react';
import { Store, useStore } from '@/data/store';

const open = new Store(false);

export const openQuickBar = (): void => open.set(true);
export const closeQuickBar = (): void => open.set(false);
export const useQuickBar = (): boolean => useStore(open);

/** Ctrl+K or ⌘K everywhere; `/` where nobody types. */
export function useQuickKeys(): void {
  // Before the page is painted: whoever sees it may press the keys at once.
  useLayoutEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      const target = event.target as HTMLElement | null;
      const types = target?.closest('input, textarea, select, [contenteditable="true"], .cm-editor') != null;
      const isK = (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && event.key.toLowerCase() === 'k';
      const isSlash = event.key === '/' && !types && !event.ctrlKey && !event.metaKey && !event.altKey;
      if (!isK && !isSlash) return;
      if (isSlash && document.querySelector('[role="dialog"], [role="alertdialog"]')) return;
      event.preventDefault();
      open.set(true);
    };
    addEventListener('keydown', pressed);
    return () => removeEventListener('keydown', pressed);
  }, []);
}
