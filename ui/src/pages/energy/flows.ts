/** Where electricity came from and went to. Pure. Amounts are kWh. */

export interface Amounts {
  gridIn: number;
  gridOut: number;
  solar: number;
  batteryIn: number;
  batteryOut: number;
}

export interface Flows {
  solarToHome: number;
  solarToGrid: number;
  solarToBattery: number;
  gridToHome: number;
  gridToBattery: number;
  batteryToHome: number;
  batteryToGrid: number;
}

const FLOWS = ['solarToHome', 'solarToGrid', 'solarToBattery', 'gridToHome', 'gridToBattery', 'batteryToHome', 'batteryToGrid'] as const;
export const NO_FLOWS: Flows = { solarToHome: 0, solarToGrid: 0, solarToBattery: 0, gridToHome: 0, gridToBattery: 0, batteryToHome: 0, batteryToGrid: 0 };

/**
 * How what came in was shared in one piece of time.
 *
 * Meters do not tell; it is taken that what was sold came from the roof before the battery, what was stored from the roof
 * before the grid, and that the home had the rest. Nothing is ever less than nothing, even where meters do not agree.
 */
export function shared({ gridIn, gridOut, solar, batteryIn, batteryOut }: Amounts): Flows {
  const least = (value: number) => Math.max(0, value);
  const solarToGrid = Math.min(least(solar), least(gridOut));
  const batteryToGrid = Math.min(least(batteryOut), least(gridOut - solarToGrid));
  const solarToBattery = Math.min(least(solar - solarToGrid), least(batteryIn));
  const gridToBattery = Math.min(least(gridIn), least(batteryIn - solarToBattery));
  return {
    solarToGrid,
    batteryToGrid,
    solarToBattery,
    gridToBattery,
    solarToHome: least(solar - solarToGrid - solarToBattery),
    gridToHome: least(gridIn - gridToBattery),
    batteryToHome: least(batteryOut - batteryToGrid),
  };
}

export function summed(list: readonly Flows[]): Flows {
  const total = { ...NO_FLOWS };
  for (const each of list) for (const name of FLOWS) total[name] += each[name];
  return total;
}

export const consumed = (flows: Flows): number => flows.solarToHome + flows.gridToHome + flows.batteryToHome;

/** Which share of what the home used did not come from the grid; null: it used nothing. */
export function selfSufficiency(flows: Flows): number | null {
  const all = consumed(flows);
  return all > 0 ? (all - flows.gridToHome) / all : null;
}

/** Which share of the roof's yield stayed in the home; null: there was none. */
export function selfUse(flows: Flows): number | null {
  const yielded = flows.solarToHome + flows.solarToGrid + flows.solarToBattery;
  return yielded > 0 ? (yielded - flows.solarToGrid) / yielded : null;
}
