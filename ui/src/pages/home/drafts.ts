/** Unsaved changes of dashboards: kept in the tab, so that neither a reload nor a server that is away loses them. */

import type { DashboardConfig } from '@/lovelace/types';

const key = (urlPath: string | null) => `marge_dashboard_draft ${urlPath ?? ''}`;

export function draftOf(urlPath: string | null): DashboardConfig | null {
  const text = sessionStorage.getItem(key(urlPath));
  return text ? (JSON.parse(text) as DashboardConfig) : null;
}

export const hasDraft = (urlPath: string | null): boolean => sessionStorage.getItem(key(urlPath)) !== null;

export function keepDraft(urlPath: string | null, config: DashboardConfig | null): void {
  if (config === null) sessionStorage.removeItem(key(urlPath));
  else sessionStorage.setItem(key(urlPath), JSON.stringify(config));
}
