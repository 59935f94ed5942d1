/** Figures in few characters. */

import { formatNumber } from '@/data';

export function seconds(value: number, language: string): string {
  if (value < 1) return `${formatNumber(value * 1000, language, { max: 0 })} ms`;
  if (value < 120) return `${formatNumber(value, language, { max: value < 10 ? 1 : 0 })} s`;
  if (value < 7200) return `${formatNumber(value / 60, language, { max: 0 })} min`;
  return `${formatNumber(value / 3600, language, { max: 0 })} h`;
}

export function percent(part: number, language: string): string {
  return `${formatNumber(part * 100, language, { max: part > 0 && part < 0.1 ? 1 : 0 })} %`;
}

export function rate(value: number, language: string): string {
  return formatNumber(value, language, { max: value < 10 ? 1 : 0 });
}

export function bytes(value: number, language: string): string {
  if (value < 10_000) return `${formatNumber(value, language, { max: 0 })} B`;
  return value < 10_000_000 ? `${formatNumber(value / 1024, language, { max: 0 })} KB` : `${formatNumber(value / 1048576, language, { max: 1 })} MB`;
}

/** The end of a path, and what stands before it. */
export function parts(path: string): [string, string] {
  const cut = path.lastIndexOf('/');
  return cut <= 0 ? [path, ''] : [path.slice(cut + 1), path.slice(0, cut)];
}

export const actorLink = (path: string): string => `/console?at=${encodeURIComponent(path)}`;
