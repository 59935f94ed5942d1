import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Banner, Button, ConfirmDialog, Dialog, NumberField, Switch, TextField } from '@/components';
import { PlaceMap } from '@/components/map/PlaceMap';
import { useConnected, useSession } from '@/data';
import { PlaceButton } from '../../parts/PlaceButton';
import { Fields } from '../../parts/Rows';
import { useAct } from '../../parts/useAct';
import type { Zone } from './types';
import styles from './Zones.module.css';

const USUAL_RADIUS_M = 100;

export function EditZone({ zone, onClose, onDone }: { zone: Zone | null; onClose: () => void; onDone: () => void }) {
  const { t } = useTranslation('settings');
  const session = useSession();
  const connected = useConnected();
  const { busy, error, act } = useAct(true);
  const [name, setName] = useState(zone?.name ?? '');
  const [latitude, setLatitude] = useState<number | null>(zone?.latitude ?? null);
  const [longitude, setLongitude] = useState<number | null>(zone?.longitude ?? null);
  const [radius, setRadius] = useState<number | null>(zone?.radius ?? USUAL_RADIUS_M);
  const [passive, setPassive] = useState(zone?.passive ?? false);
  const [icon, setIcon] = useState(zone?.icon ?? '');
  const [removing, setRemoving] = useState(false);
  const ready = Boolean(name.trim()) && latitude !== null && longitude !== null && radius !== null;
  const finish = (worked: boolean) => {
    onDone();
    setRemoving(false);
    if (worked) onClose();
  };
  const save = async () => {
    const data = { name: name.trim(), latitude, longitude, radius, passive, ...(icon.trim() ? { icon: icon.trim() } : {}) };
    finish(await act(() => (zone ? session.command('zone/update', { zone_id: zone.id, ...data }) : session.command('zone/create', data)), t('saved')));
  };
  const remove = async () => finish(await act(() => session.command('zone/delete', { zone_id: zone?.id }), t('zones.removed', { name })));
  return (
    <Dialog
      open
      onClose={onClose}
      title={zone ? zone.name : t('zones.add')}
      dismissable={false}
      footer={
        <>
          {zone && (
            <Button kind="ghost" className={styles.remove} isDisabled={!connected} onPress={() => setRemoving(true)}>
              {t('zones.remove')}
            </Button>
          )}
          <Button onPress={onClose}>{t('cancel')}</Button>
          <Button kind="primary" busy={busy} isDisabled={!connected || !ready} onPress={() => void save()}>
            {t('save')}
          </Button>
        </>
      }
    >
      <Fields>
        {error && <Banner kind="error">{error.message}</Banner>}
        <TextField label={t('zones.name')} value={name} onChange={setName} autoFocus={!zone} />
        <PlaceMap
          label={t('zones.map')}
          name={name.trim()}
          place={latitude !== null && longitude !== null ? { latitude, longitude } : null}
          radius={radius ?? USUAL_RADIUS_M}
          icon={icon.trim() || undefined}
          before={zone ?? undefined}
          onPick={(place) => {
            setLatitude(place.latitude);
            setLongitude(place.longitude);
          }}
        />
        <Fields columns>
          <NumberField label={t('place.latitude')} value={latitude} onChange={setLatitude} min={-90} max={90} unit="°" hint={t('place.latitudeHint')} />
          <NumberField label={t('place.longitude')} value={longitude} onChange={setLongitude} min={-180} max={180} unit="°" hint={t('place.longitudeHint')} />
        </Fields>
        <div>
          <PlaceButton
            onPlace={(place) => {
              setLatitude(place.latitude);
              setLongitude(place.longitude);
            }}
          />
        </div>
        <NumberField label={t('place.radius')} hint={t('zones.radiusHint')} value={radius} onChange={setRadius} min={1} step={1} unit="m" />
        <TextField label={t('zones.icon')} hint={t('zones.iconHint')} value={icon} onChange={setIcon} placeholder="mdi:school" />
        <Switch label={t('zones.passive')} hint={t('zones.passiveHint')} value={passive} onChange={setPassive} />
      </Fields>
      <ConfirmDialog
        open={removing}
        title={t('zones.removeTitle', { name })}
        text={t('zones.removeText')}
        confirm={t('zones.remove')}
        danger
        busy={busy}
        onConfirm={() => void remove()}
        onClose={() => setRemoving(false)}
      />
    </Dialog>
  );
}
