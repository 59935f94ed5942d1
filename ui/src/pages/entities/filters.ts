/** Which rows are shown. Pure. */

import { type EntityRow, hasWord } from './rows';

export type Status = 'all' | 'unavailable' | 'hidden' | 'disabled';

export interface Filters {
  search: string;
  domains: readonly string[];
  areas: readonly string[];
  devices: readonly string[];
  integrations: readonly string[];
  labels: readonly string[];
  status: Status;
  /** A state as it is (`on`); empty: any. */
  state: string;
}

export const NO_FILTERS: Filters = { search: '', domains: [], areas: [], devices: [], integrations: [], labels: [], status: 'all', state: '' };

export const FACETS = ['domains', 'areas', 'devices', 'integrations', 'labels'] as const;
export type Facet = (typeof FACETS)[number];

/** Stands for rows that have nothing of a kind: no area, no device, no label. */
export const NONE = '-';

/** How many kinds of filter are set, the search apart. */
export const countOf = (filters: Filters): number => FACETS.filter((facet) => filters[facet].length > 0).length + (filters.state ? 1 : 0) + (filters.status === 'all' ? 0 : 1);

/** Whether states decide which rows are shown: then they must be looked at again from time to time. */
export const looksAtStates = (filters: Filters): boolean => filters.status === 'unavailable' || filters.state !== '';

const setOf = (values: readonly string[]): ReadonlySet<string> | null => (values.length ? new Set(values) : null);

/** A function that says whether a row is shown. */
export function acceptor(filters: Filters, stateOf: (id: string) => string | undefined): (row: EntityRow) => boolean {
  const words = filters.search.toLowerCase().split(/\s+/).filter(Boolean);
  const [domains, areas, devices, integrations, labels] = FACETS.map((facet) => setOf(filters[facet])) as (ReadonlySet<string> | null)[];
  const { status, state } = filters;
  const wantedState = state.toLowerCase();
  return (row) => {
    if (status === 'disabled' ? !row.disabled : row.disabled) return false;
    if (status === 'hidden' && !row.hidden) return false;
    if (status === 'unavailable' && stateOf(row.id) !== 'unavailable') return false;
    if (wantedState && stateOf(row.id)?.toLowerCase() !== wantedState) return false;
    if (domains && !domains.has(row.domain)) return false;
    if (areas && !areas.has(row.areaId || NONE)) return false;
    if (devices && !devices.has(row.deviceId || NONE)) return false;
    if (integrations && !integrations.has(row.integration || NONE)) return false;
    if (labels && !(row.labels.length ? row.labels.some((label) => labels.has(label)) : labels.has(NONE))) return false;
    for (const word of words) if (!hasWord(row, word)) return false;
    return true;
  };
}

/** Filters in the page's address, so that they can be shared and outlive a reload. */
export function filtersFrom(params: URLSearchParams): Filters {
  const list = (name: string) => (params.get(name) ?? '').split(',').filter(Boolean);
  const status = params.get('status');
  return {
    search: params.get('search') ?? '',
    domains: list('domain'),
    areas: list('area'),
    devices: list('device'),
    integrations: list('integration'),
    labels: list('label'),
    status: status === 'unavailable' || status === 'hidden' || status === 'disabled' ? status : 'all',
    state: params.get('state') ?? '',
  };
}

export function withFilters(params: URLSearchParams, filters: Filters): URLSearchParams {
  const next = new URLSearchParams(params);
  const put = (name: string, value: string) => (value ? next.set(name, value) : next.delete(name));
  put('search', filters.search);
  for (const facet of FACETS) put(facet.slice(0, -1), filters[facet].join(','));
  put('status', filters.status === 'all' ? '' : filters.status);
  put('state', filters.state);
  return next;
}
