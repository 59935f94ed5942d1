/** What the home measures, as `energy/get_prefs` has it. */

export interface Price {
  stat_cost?: string | null;
  stat_compensation?: string | null;
  entity_energy_price?: string | null;
  number_energy_price?: number | null;
}

export interface FlowFrom extends Price {
  stat_energy_from: string;
}

export interface FlowTo extends Price {
  stat_energy_to: string;
}

export interface GridSource {
  type: 'grid';
  flow_from: FlowFrom[];
  flow_to: FlowTo[];
  cost_adjustment_day: number;
}

export interface SolarSource {
  type: 'solar';
  stat_energy_from: string;
  config_entry_solar_forecast?: string[] | null;
}

export interface BatterySource {
  type: 'battery';
  stat_energy_from: string;
  stat_energy_to: string;
}

export interface MeteredSource extends Price {
  type: 'gas' | 'water';
  stat_energy_from: string;
}

export type Source = GridSource | SolarSource | BatterySource | MeteredSource;

export interface DevicePref {
  stat_consumption: string;
  name?: string;
  included_in_stat?: string;
}

export interface Prefs {
  energy_sources: Source[];
  device_consumption: DevicePref[];
}

export const NO_PREFS: Prefs = { energy_sources: [], device_consumption: [] };

export type FlowKind = 'gridIn' | 'gridOut' | 'solar' | 'batteryIn' | 'batteryOut' | 'gas' | 'water';
export type StatisticsByKind = Record<FlowKind, string[]>;

/** The statistics of each kind of flow. */
export function statisticsOf(prefs: Prefs): StatisticsByKind {
  const found: StatisticsByKind = { gridIn: [], gridOut: [], solar: [], batteryIn: [], batteryOut: [], gas: [], water: [] };
  for (const source of prefs.energy_sources) {
    switch (source.type) {
      case 'grid':
        found.gridIn.push(...source.flow_from.map((flow) => flow.stat_energy_from));
        found.gridOut.push(...source.flow_to.map((flow) => flow.stat_energy_to));
        break;
      case 'solar':
        found.solar.push(source.stat_energy_from);
        break;
      case 'battery':
        found.batteryOut.push(source.stat_energy_from);
        found.batteryIn.push(source.stat_energy_to);
        break;
      default:
        found[source.type].push(source.stat_energy_from);
    }
  }
  return found;
}

export const isEmpty = (prefs: Prefs | null): boolean => !prefs || (prefs.energy_sources.length === 0 && prefs.device_consumption.length === 0);
