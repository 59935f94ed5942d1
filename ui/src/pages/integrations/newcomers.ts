/** Devices that came while one looked. Pure. */

export interface ZigbeeEvent {
  base_topic: string;
  type: string;
  data: { ieee_address?: string; friendly_name?: string; status?: string; supported?: boolean | null };
}

export interface Newcomer {
  network: string;
  address: string;
  name: string;
  status: 'joined' | 'started' | 'successful' | 'failed' | 'left';
}

const MOST = 100;

/** After an event of a network; what is about nobody new leaves the list as it is. */
export function arrived(before: readonly Newcomer[], { base_topic, type, data }: ZigbeeEvent): readonly Newcomer[] {
  const address = data.ieee_address;
  if (!address) return before;
  const known = before.find((each) => each.address === address && each.network === base_topic);
  const status =
    type === 'device_joined' || type === 'device_announce' ? (known?.status ?? 'joined')
    : type === 'device_interview' ? (['started', 'successful', 'failed'].includes(data.status ?? '') ? (data.status as Newcomer['status']) : null)
    : type === 'device_leave' && known ? 'left'
    : null;
  if (status === null || (type === 'device_announce' && !known)) return before;
  const next: Newcomer = { network: base_topic, address, name: data.friendly_name ?? known?.name ?? address, status };
  return known ? before.map((each) => (each === known ? next : each)) : [...before, next].slice(-MOST);
}
