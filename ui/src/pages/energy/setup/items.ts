/** The preferences as a flat list of things that can be added, changed and removed. Pure. */

import type { Prefs, Price, Source } from '../prefs';

export const KINDS = ['gridIn', 'gridOut', 'solar', 'battery', 'gas', 'water', 'device'] as const;
export type ItemKind = (typeof KINDS)[number];
export type Pricing = { by: 'none' } | { by: 'number'; value: number | null } | { by: 'entity' | 'statistic'; id: string };

export interface Item {
  kind: ItemKind;
  /** What it counts; of a battery what comes out of it. */
  statistic: string;
  /** What goes into a battery. */
  into?: string;
  pricing?: Pricing;
  name?: string;
  /** The device that counts it, too. */
  partOf?: string;
  /** What else the source has that this form does not show; kept as it is. */
  rest?: Record<string, unknown>;
}

export const PRICED: ReadonlySet<ItemKind> = new Set(['gridIn', 'gridOut', 'gas', 'water']);

function pricingOf(flow: Price, statistic: string | null | undefined): Pricing {
  if (statistic) return { by: 'statistic', id: statistic };
  if (flow.entity_energy_price) return { by: 'entity', id: flow.entity_energy_price };
  return flow.number_energy_price == null ? { by: 'none' } : { by: 'number', value: flow.number_energy_price };
}

function priceFields(pricing: Pricing | undefined, statistic: 'stat_cost' | 'stat_compensation'): Record<string, unknown> {
  return {
    [statistic]: pricing?.by === 'statistic' ? pricing.id : null,
    entity_energy_price: pricing?.by === 'entity' ? pricing.id : null,
    number_energy_price: pricing?.by === 'number' ? pricing.value : null,
  };
}

export function itemsOf(prefs: Prefs): Item[] {
  const found: Item[] = [];
  for (const source of prefs.energy_sources) {
    switch (source.type) {
      case 'grid':
        found.push(...source.flow_from.map((flow): Item => ({ kind: 'gridIn', statistic: flow.stat_energy_from, pricing: pricingOf(flow, flow.stat_cost) })));
        found.push(...source.flow_to.map((flow): Item => ({ kind: 'gridOut', statistic: flow.stat_energy_to, pricing: pricingOf(flow, flow.stat_compensation) })));
        break;
      case 'solar':
        found.push({ kind: 'solar', statistic: source.stat_energy_from, ...(source.config_entry_solar_forecast ? { rest: { config_entry_solar_forecast: source.config_entry_solar_forecast } } : {}) });
        break;
      case 'battery':
        found.push({ kind: 'battery', statistic: source.stat_energy_from, into: source.stat_energy_to });
        break;
      default:
        found.push({ kind: source.type, statistic: source.stat_energy_from, pricing: pricingOf(source, source.stat_cost) });
    }
  }
  for (const device of prefs.device_consumption) {
    found.push({ kind: 'device', statistic: device.stat_consumption, ...(device.name ? { name: device.name } : {}), ...(device.included_in_stat ? { partOf: device.included_in_stat } : {}) });
  }
  return found;
}

/** The preferences that these items make; what the server keeps beside them (`before`) stays. */
export function prefsOf(items: readonly Item[], before: Prefs): Prefs {
  const of = (kind: ItemKind) => items.filter((item) => item.kind === kind);
  const grid = before.energy_sources.find((source) => source.type === 'grid');
  const sources: Source[] = [];
  if (of('gridIn').length + of('gridOut').length > 0) {
    sources.push({
      type: 'grid',
      flow_from: of('gridIn').map((item) => ({ stat_energy_from: item.statistic, ...priceFields(item.pricing, 'stat_cost') })),
      flow_to: of('gridOut').map((item) => ({ stat_energy_to: item.statistic, ...priceFields(item.pricing, 'stat_compensation') })),
      cost_adjustment_day: grid?.cost_adjustment_day ?? 0,
    });
  }
  for (const item of of('solar')) sources.push({ type: 'solar', stat_energy_from: item.statistic, config_entry_solar_forecast: null, ...item.rest });
  for (const item of of('battery')) sources.push({ type: 'battery', stat_energy_from: item.statistic, stat_energy_to: item.into ?? '' });
  for (const kind of ['gas', 'water'] as const) {
    for (const item of of(kind)) sources.push({ type: kind, stat_energy_from: item.statistic, ...priceFields(item.pricing, 'stat_cost') });
  }
  return {
    energy_sources: sources,
    device_consumption: of('device').map((item) => ({ stat_consumption: item.statistic, ...(item.name ? { name: item.name } : {}), ...(item.partOf ? { included_in_stat: item.partOf } : {}) })),
  };
}

/** What keeps an item from being saved: the name of a text; null: nothing. */
export function mistakeIn(item: Item, others: readonly Item[]): string | null {
  if (!item.statistic) return 'missing';
  if (item.kind === 'battery' && !item.into) return 'missing';
  if (item.kind === 'battery' && item.into === item.statistic) return 'same';
  if (others.some((other) => other.kind === item.kind && other.statistic === item.statistic)) return 'twice';
  if (item.pricing?.by === 'number' && item.pricing.value === null) return 'noPrice';
  if ((item.pricing?.by === 'entity' || item.pricing?.by === 'statistic') && !item.pricing.id) return 'noPrice';
  return null;
}

export interface Issue {
  type: string;
  affected_entities: [string, unknown][];
  translation_placeholders?: Record<string, string> | null;
}

export interface Validation {
  energy_sources: Issue[][];
  device_consumption: Issue[][];
}

/** What the server finds wrong with one item: the issue and the id that it is about. */
export function issuesOf(item: Item, validation: Validation | undefined): { type: string; id: string; detail: string }[] {
  if (!validation) return [];
  const ids = new Set([item.statistic, item.into, item.pricing && 'id' in item.pricing ? item.pricing.id : undefined]);
  const lists = item.kind === 'device' ? validation.device_consumption : validation.energy_sources;
  const found = new Map<string, { type: string; id: string; detail: string }>();
  for (const issue of lists.flat()) {
    for (const [id, detail] of issue.affected_entities) {
      if (ids.has(id)) found.set(`${issue.type} ${id}`, { type: issue.type, id, detail: detail == null ? '' : String(detail) });
    }
  }
  return [...found.values()];
}
