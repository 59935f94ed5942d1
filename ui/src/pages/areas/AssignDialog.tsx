/** Many devices into an area at once: those that are in none come first. */

import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button, Checkbox, Dialog, SearchField } from '@/components';
import { type Area, asApiError, deviceName, useAreas, useConnected, useDevices, useSession } from '@/data';
import { toast } from '@/app/toasts';
import styles from './Areas.module.css';

const SHOWN = 150;

export function AssignDialog({ area, onClose }: { area: Area; onClose: () => void }) {
  const { t, i18n } = useTranslation('areas');
  const session = useSession();
  const connected = useConnected();
  const devices = useDevices();
  const areas = useAreas();
  const [search, setSearch] = useState('');
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [busy, setBusy] = useState(false);

  const fitting = useMemo(() => {
    const words = search.toLowerCase().split(/\s+/).filter(Boolean);
    const byName = new Intl.Collator(i18n.language, { numeric: true, sensitivity: 'base' });
    return [...devices.values()]
      .filter((device) => device.area_id !== area.area_id && device.entry_type !== 'service')
      .map((device) => ({ id: device.id, name: deviceName(device), model: [device.manufacturer, device.model].filter(Boolean).join(' '), place: device.area_id ? (areas.get(device.area_id)?.name ?? '') : '' }))
      .filter((row) => words.every((word) => `${row.name} ${row.model} ${row.place}`.toLowerCase().includes(word)))
      .sort((a, b) => Number(a.place !== '') - Number(b.place !== '') || byName.compare(a.name, b.name));
  }, [devices, areas, area.area_id, search, i18n.language]);

  const toggle = (id: string) => {
    const next = new Set(chosen);
    if (!next.delete(id)) next.add(id);
    setChosen(next);
  };
  const save = async () => {
    setBusy(true);
    const left = new Set(chosen);
    try {
      for (const id of chosen) {
        await session.command('config/device_registry/update', { device_id: id, area_id: area.area_id });
        left.delete(id);
      }
      toast.ok(t('assign.done', { count: chosen.size, area: area.name }));
      onClose();
    } catch (error) {
      setChosen(left); // what is left to do stays chosen
      toast.error(asApiError(error).message);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Dialog
      open
      onClose={onClose}
      dismissable={chosen.size === 0}
      title={t('assign.title', { area: area.name })}
      footer={
        <>
          <Button onPress={onClose}>{t('cancel')}</Button>
          <Button kind="primary" busy={busy} isDisabled={chosen.size === 0 || !connected} onPress={() => void save()}>
            {t('assign.save', { count: chosen.size })}
          </Button>
        </>
      }
    >
      <div className={styles.form}>
        <SearchField label={t('assign.search')} value={search} onChange={setSearch} autoFocus />
        {fitting.length === 0 && <p className={styles.nothing}>{t(search ? 'assign.nothing' : 'assign.all')}</p>}
        <ul className={styles.choices}>
          {fitting.slice(0, SHOWN).map((row) => (
            <li key={row.id}>
              <Checkbox label={row.name} hint={[row.place && t('assign.from', { area: row.place }), row.model].filter(Boolean).join(' · ')} value={chosen.has(row.id)} onChange={() => toggle(row.id)} />
            </li>
          ))}
        </ul>
        {fitting.length > SHOWN && <p className={styles.nothing}>{t('assign.more', { count: fitting.length - SHOWN })}</p>}
      </div>
    </Dialog>
  );
}
