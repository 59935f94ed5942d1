import { useMemo, useState } from 'react';
import { mdiEarth, mdiHomeOutline, mdiMapMarkerOutline } from '@mdi/js';
import { useTranslation } from 'react-i18next';
import { Button, Card, ComboBox, NumberField, Select, Skeleton, TextField } from '@/components';
import { PlaceMap } from '@/components/map/PlaceMap';
import { useConnected, useHomeConfig, useSession } from '@/data';
import { countries, currencies, languages, timeZones } from '../../parts/choices';
import { PlaceButton } from '../../parts/PlaceButton';
import { Fields } from '../../parts/Rows';
import { SaveBar } from '../../parts/SaveBar';
import { useAct } from '../../parts/useAct';
import { changesOf, draftOf, type HomeDraft } from './draft';
import styles from './HomeForm.module.css';

export default function HomeForm() {
  const { t, i18n } = useTranslation('settings');
  const session = useSession();
  const config = useHomeConfig();
  const connected = useConnected();
  const { busy, error, clear, act } = useAct(true);
  // What was typed, over what the server has: somebody else's change of another field is shown at once.
  const [typed, setTyped] = useState<Partial<HomeDraft>>({});
  const lists = useMemo(
    () => ({ countries: countries(i18n.language), currencies: currencies(i18n.language), languages: languages(i18n.language), zones: timeZones(config?.time_zone ?? 'UTC') }),
    [i18n.language, config?.time_zone],
  );
  if (!config) return <Skeleton height={420} radius="var(--radius)" />;

  const before = draftOf(config);
  const draft: HomeDraft = { ...before, ...typed };
  const changes = changesOf(before, draft);
  const set = (more: Partial<HomeDraft>) => setTyped((now) => ({ ...now, ...more }));
  const save = async () => {
    if (await act(() => session.command('config/core/update', { ...changes, ...(changes.unit_system ? { update_units: true } : {}) }), t('saved'))) setTyped({});
  };
  return (
    <form
      className={styles.form}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (Object.keys(changes).length) void save();
      }}
    >
      <Card title={t('home.who')} icon={mdiHomeOutline}>
        <Fields columns>
          <TextField label={t('home.name')} value={draft.location_name} onChange={(location_name) => set({ location_name })} />
          <ComboBox label={t('home.language')} hint={t('home.languageHint')} options={lists.languages} value={draft.language} onChange={(language) => set({ language })} custom />
        </Fields>
      </Card>
      <Card title={t('home.where')} icon={mdiMapMarkerOutline}>
        <p className={styles.text}>{t('home.whereText')}</p>
        <Fields columns>
          <NumberField label={t('place.latitude')} value={draft.latitude} onChange={(latitude) => set({ latitude })} min={-90} max={90} unit="°" hint={t('place.latitudeHint')} />
          <NumberField label={t('place.longitude')} value={draft.longitude} onChange={(longitude) => set({ longitude })} min={-180} max={180} unit="°" hint={t('place.longitudeHint')} />
          <NumberField label={t('place.elevation')} value={draft.elevation} onChange={(elevation) => set({ elevation })} step={1} unit="m" hint={t('place.elevationHint')} />
          <NumberField label={t('place.radius')} value={draft.radius} onChange={(radius) => set({ radius })} min={0} step={1} unit="m" hint={t('home.radiusHint')} />
        </Fields>
        <div className={styles.end}>
          <PlaceMap
            label={t('zones.map')}
            name={draft.location_name}
            place={draft.latitude !== null && draft.longitude !== null ? { latitude: draft.latitude, longitude: draft.longitude } : null}
            radius={draft.radius ?? 0}
            icon="mdi:home"
            home
            onPick={set}
          />
        </div>
        <div className={styles.end}>
          <PlaceButton onPlace={({ elevation, ...place }) => set({ ...place, ...(elevation === null ? {} : { elevation }) })} />
        </div>
      </Card>
      <Card title={t('home.region')} icon={mdiEarth}>
        <Fields columns>
          <ComboBox label={t('home.timeZone')} options={lists.zones} value={draft.time_zone} onChange={(time_zone) => set({ time_zone })} />
          <ComboBox label={t('home.country')} options={lists.countries} value={draft.country} onChange={(country) => set({ country })} />
          <ComboBox label={t('home.currency')} options={lists.currencies} value={draft.currency} onChange={(currency) => set({ currency })} />
          <Select
            label={t('home.units')}
            hint={t('home.unitsHint')}
            options={[
              { value: 'metric', label: t('home.metric'), text: t('home.metricText') },
              { value: 'us_customary', label: t('home.us'), text: t('home.usText') },
            ]}
            value={draft.unit_system}
            onChange={(value) => set({ unit_system: value as HomeDraft['unit_system'] })}
          />
        </Fields>
      </Card>
      <SaveBar
        shown={Object.keys(changes).length > 0}
        problem={error?.message}
        save={
          <Button kind="primary" type="submit" busy={busy} isDisabled={!connected}>
            {t('save')}
          </Button>
        }
        onDiscard={() => {
          setTyped({});
          clear();
        }}
      />
    </form>
  );
}
