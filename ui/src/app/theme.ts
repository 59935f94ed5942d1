/** Light, dark, or as the system: kept for this browser (so that the first paint is right) and for the user. */

import { Store } from '@/data/store';

export type Theme = 'system' | 'light' | 'dark';
const KEY = 'marge_theme'; // read by public/theme.js, too

function stored(): Theme {
  const value = localStorage.getItem(KEY);
  return value === 'light' || value === 'dark' ? value : 'system';
}

export const theme = new Store<Theme>(typeof localStorage === 'undefined' ? 'system' : stored());

export function setTheme(next: Theme): void {
  if (next === 'system') localStorage.removeItem(KEY);
  else localStorage.setItem(KEY, next);
  if (next === 'system') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = next;
  theme.set(next);
}

/** Whether it is dark now. */
export function isDark(): boolean {
  const now = theme.get();
  return now === 'dark' || (now === 'system' && matchMedia('(prefers-color-scheme: dark)').matches);
}
