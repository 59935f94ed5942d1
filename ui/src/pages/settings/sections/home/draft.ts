import type { HomeConfig } from '@/data';

/** What `config/core/update` takes. */
export interface HomeDraft {
  location_name: string;
  latitude: number | null;
  longitude: number | null;
  elevation: number | null;
  radius: number | null;
  unit_system: 'metric' | 'us_customary';
  time_zone: string;
  currency: string;
  country: string | null;
  language: string;
}

export function draftOf(config: HomeConfig): HomeDraft {
  const { location_name, latitude, longitude, elevation, radius, time_zone, currency, country, language } = config;
  return { location_name, latitude, longitude, elevation, radius, time_zone, currency, country, language, unit_system: config.unit_system.length === 'mi' ? 'us_customary' : 'metric' };
}

/** What differs; nothing that is empty: the server keeps what it has. */
export function changesOf(before: HomeDraft, now: HomeDraft): Partial<HomeDraft> {
  return Object.fromEntries(
    (Object.keys(now) as (keyof HomeDraft)[]).filter((key) => now[key] !== before[key] && now[key] !== null && now[key] !== '').map((key) => [key, now[key]]),
  );
}
