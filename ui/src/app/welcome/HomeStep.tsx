import { type FormEvent, Suspense, useMemo, useState } from 'react';
import { mdiCrosshairsGps } from '@mdi/js';
import { useTranslation } from 'react-i18next';
import { Banner } from '@/components/Banner';
import { Button } from '@/components/Button';
import { ComboBox, NumberField, Select, TextField } from '@/components/fields';
import { useHomeConfig, useSession } from '@/data/hooks';
import { asApiError } from '@/data/session';
import { useStore } from '@/data/store';
import type { HomeConfig } from '@/data/types';
import { Skeleton, SkeletonPage } from '@/components/Skeleton';
import styles from '../Entrance.module.css';
import { late } from '../late';

interface Props {
  busy: boolean;
  onDone: () => Promise<void>;
}

/** In a file of its own: the form is there before it. */
const PlaceMap = late(async () => ({ default: (await import('@/components/map/PlaceMap')).PlaceMap }));
/** So near that one sees countries: nobody has said yet where in the world it is. */
const FAR = 4;
const MAP_HEIGHT = 280;

/** Where people measure in feet and degrees Fahrenheit. */
const US_UNITS = new Set(['US', 'LR', 'MM']);
/** A suggestion where the server has none of its own; elsewhere its own stays. */
const MONEY: Record<string, string> = { US: 'USD', GB: 'GBP', CH: 'CHF', CA: 'CAD', AU: 'AUD', NZ: 'NZD', SE: 'SEK', NO: 'NOK', DK: 'DKK', PL: 'PLN', CZ: 'CZK', HU: 'HUF', JP: 'JPY', IN: 'INR', BR: 'BRL' };

function here(): { timeZone: string; region: string | undefined } {
  return { timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone, region: new Intl.Locale(navigator.language).maximize().region };
}

export function HomeStep(props: Props) {
  const session = useSession();
  const config = useHomeConfig();
  useStore(session.config.ready);
  return config ? <Form {...props} config={config} /> : <SkeletonPage />;
}

function Form({ busy, onDone, config }: Props & { config: HomeConfig }) {
  const { t, i18n } = useTranslation('app');
  const session = useSession();
  const [values, setValues] = useState(() => {
    const { timeZone, region } = here();
    const isUntouched = config.time_zone === 'UTC';
    const isNowhere = config.latitude === 0 && config.longitude === 0;
    return {
      location_name: config.location_name === 'Home' ? t('welcome.home.usual') : config.location_name,
      latitude: isNowhere ? null : config.latitude,
      longitude: isNowhere ? null : config.longitude,
      elevation: config.elevation as number | null,
      time_zone: isUntouched ? timeZone : config.time_zone,
      unit_system: (isUntouched && region && US_UNITS.has(region)) || config.unit_system.temperature === '°F' ? 'us_customary' : 'metric',
      country: config.country ?? region ?? null,
      currency: (isUntouched && region && MONEY[region]) || config.currency,
    };
  });
  const [error, setError] = useState<string | null>(null);
  const [saving, setSaving] = useState(false);
  const [finding, setFinding] = useState(false);
  const set = <K extends keyof typeof values>(key: K) => (value: (typeof values)[K]) => setValues((before) => ({ ...before, [key]: value }));

  const [zones, countries, currencies] = useMemo(() => {
    const regions = new Intl.DisplayNames(i18n.language, { type: 'region', fallback: 'none' });
    const money = new Intl.DisplayNames(i18n.language, { type: 'currency' });
    const letters = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'];
    const codes = letters.flatMap((first) => letters.map((second) => first + second));
    return [
      [...new Set([...Intl.supportedValuesOf('timeZone'), 'UTC'])].map((zone) => ({ value: zone, label: zone.replaceAll('_', ' ') })),
      codes
        .flatMap((code) => {
          const name = regions.of(code);
          return name && !/^(EU|EZ|UN|QO|ZZ|XA|XB)$/.test(code) ? [{ value: code, label: name }] : [];
        })
        .sort((a, b) => a.label.localeCompare(b.label)),
      Intl.supportedValuesOf('currency').map((code) => ({ value: code, label: `${code} – ${money.of(code)}` })),
    ];
  }, [i18n.language]);

  const locate = () => {
    setFinding(true);
    setError(null);
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        setFinding(false);
        const round = (value: number) => Math.round(value * 1e5) / 1e5;
        setValues((before) => ({
          ...before,
          latitude: round(coords.latitude),
          longitude: round(coords.longitude),
          elevation: coords.altitude === null ? before.elevation : Math.round(coords.altitude),
        }));
      },
      () => {
        setFinding(false);
        setError(t('welcome.home.noLocation'));
      },
      { timeout: 15_000 },
    );
  };

  const send = async (event: FormEvent) => {
    event.preventDefault();
    setSaving(true);
    setError(null);
    try {
      const { latitude, longitude, elevation, country, location_name, ...rest } = values;
      await session.command('config/core/update', {
        ...rest,
        location_name: location_name.trim() || 'Home',
        language: i18n.language,
        ...(latitude === null || longitude === null ? {} : { latitude, longitude }),
        ...(elevation === null ? {} : { elevation: Math.round(elevation) }),
        ...(country ? { country } : {}),
      });
      await onDone();
    } catch (problem) {
      setError(asApiError(problem).message);
    } finally {
      setSaving(false);
    }
  };

  return (
    <>
      <h1>{t('welcome.home.title')}</h1>
      <p className={styles.lead}>{t('welcome.home.text')}</p>
      {error && <Banner kind="error">{error}</Banner>}
      <form onSubmit={(event) => void send(event)} className={styles.form} noValidate>
        <TextField label={t('welcome.home.name')} value={values.location_name} onChange={set('location_name')} autoFocus />
        <div className={styles.map}>
          <p>{t('welcome.home.mapText')}</p>
          <Suspense fallback={<Skeleton height={MAP_HEIGHT} radius="var(--radius)" />}>
            <PlaceMap
              label={t('welcome.home.map')}
              name={values.location_name}
              place={values.latitude === null || values.longitude === null ? null : { latitude: values.latitude, longitude: values.longitude }}
              radius={0}
              icon="mdi:home"
              home
              nearest={FAR}
              onPick={(place) => setValues((before) => ({ ...before, ...place }))}
            />
          </Suspense>
        </div>
        {isSecureContext && 'geolocation' in navigator && (
          <Button icon={mdiCrosshairsGps} busy={finding} onPress={locate}>
            {t('welcome.home.locate')}
          </Button>
        )}
        <div className={styles.two}>
          <NumberField label={t('welcome.home.latitude')} value={values.latitude} onChange={set('latitude')} min={-90} max={90} step={0.00001} unit="°" />
          <NumberField label={t('welcome.home.longitude')} value={values.longitude} onChange={set('longitude')} min={-180} max={180} step={0.00001} unit="°" />
          <NumberField label={t('welcome.home.elevation')} value={values.elevation} onChange={set('elevation')} min={-450} max={9000} step={1} unit="m" />
        </div>
        <div className={styles.two}>
          <ComboBox label={t('welcome.home.timeZone')} options={zones} value={values.time_zone} onChange={set('time_zone')} />
          <ComboBox label={t('welcome.home.country')} options={countries} value={values.country} onChange={set('country')} />
        </div>
        <div className={styles.two}>
          <Select
            label={t('welcome.home.units')}
            options={[
              { value: 'metric', label: t('welcome.home.metric') },
              { value: 'us_customary', label: t('welcome.home.us') },
            ]}
            value={values.unit_system}
            onChange={set('unit_system')}
          />
          <ComboBox label={t('welcome.home.currency')} options={currencies} value={values.currency} onChange={set('currency')} />
        </div>
        <Button kind="primary" type="submit" busy={busy || saving}>
          {t('welcome.next')}
        </Button>
      </form>
    </>
  );
}
