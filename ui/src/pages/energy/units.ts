/** Amounts and money as people here write them. */

import { formatNumber } from '@/data/words';
import type { Amount } from './useEnergy';

/** Of one m³, where the home measures in other units. */
const GAS_FT3 = 35.314667;
const WATER_GAL = 264.172052;

export interface Shown {
  unit: string;
  factor: number;
}

/** How gas or water that is known in `unit` is shown in a home whose unit of volume is `homeVolume`. */
export function shownIn(kind: 'gas' | 'water', unit: string, homeVolume: string | undefined): Shown {
  if (unit !== 'm³' || homeVolume !== 'gal') return { unit, factor: 1 };
  return kind === 'gas' ? { unit: 'ft³', factor: GAS_FT3 } : { unit: 'gal', factor: WATER_GAL };
}

/** `12.3 kWh`; large ones as MWh, small ones with more digits. */
export function kwh(value: number, language: string): string {
  if (Math.abs(value) >= 10_000) return `${formatNumber(value / 1000, language, { max: 1 })}\u00a0MWh`;
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2;
  return `${formatNumber(value, language, { max: digits })}\u00a0kWh`;
}

export function amounts(list: readonly Amount[], kind: 'gas' | 'water', homeVolume: string | undefined, language: string): string {
  return list
    .map(({ unit, total }) => {
      const shown = shownIn(kind, unit, homeVolume);
      return `${formatNumber(total * shown.factor, language, { max: total * shown.factor >= 100 ? 0 : 2 })}\u00a0${shown.unit}`;
    })
    .join(' + ');
}

export function money(value: number, currency: string, language: string): string {
  try {
    return new Intl.NumberFormat(language, { style: 'currency', currency }).format(value);
  } catch {
    return `${formatNumber(value, language, { min: 2, max: 2 })} ${currency}`; // a currency that the browser does not know
  }
}

/** By which share something became more or less; null: there is nothing to compare with. */
export function changeOf(now: number | null | undefined, before: number | null | undefined): number | null {
  return now == null || before == null || before === 0 ? null : (now - before) / Math.abs(before);
}
