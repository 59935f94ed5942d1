/** Everything that can be found, made once while the bar is open. */

import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { mayOpen, pages } from '@/app/pages';
import { deviceName, useAreas, useDevices, useEntityEntries, useEntityIds, useSession, useUser } from '@/data/hooks';
import { nameOf } from '@/data/words';
import { type Item, plain } from './find';

export type Findable = Item & { key: string; rest: string };

const findable = (item: Item): Findable => ({ ...item, key: plain(item.name), rest: plain(item.more) });

export function useItems(): readonly Findable[] {
  const { t } = useTranslation('titles');
  const { entities } = useSession();
  const user = useUser();
  const ids = useEntityIds();
  const entries = useEntityEntries();
  const areas = useAreas();
  const devices = useDevices();
  return useMemo(() => {
    const places = new Map([...areas.values()].map((area) => [area.area_id, area.name]));
    const items: Findable[] = [];
    for (const page of pages) if (page.nav && mayOpen(page, user)) items.push(findable({ id: page.href, kind: 'page', name: t(page.name), more: '' }));
    for (const area of areas.values()) items.push(findable({ id: area.area_id, kind: 'area', name: area.name, more: area.aliases.join(' ') }));
    for (const device of devices.values()) items.push(findable({ id: device.id, kind: 'device', name: deviceName(device), more: [device.area_id && places.get(device.area_id), device.manufacturer, device.model].filter(Boolean).join(' · ') }));
    for (const id of ids) {
      const entry = entries.get(id);
      const area = entry?.area_id ?? (entry?.device_id ? devices.get(entry.device_id)?.area_id : null);
      items.push(findable({ id, kind: id.startsWith('automation.') ? 'automation' : 'entity', name: nameOf(entities.get(id), id), more: [area && places.get(area), id].filter(Boolean).join(' · ') }));
    }
    return items;
  }, [t, user, ids, entries, areas, devices, entities]);
}
