/** An area: its picture or icon, how warm it is, whether somebody moves there, its lights and switches at a press. */

import { Fragment, useMemo, useState } from 'react';
import { mdiAlertCircleOutline, mdiFan, mdiLightbulbGroup, mdiMotionSensor, mdiSmokeDetectorVariant, mdiSofaOutline, mdiToggleSwitchVariant, mdiWaterAlert } from '@mdi/js';
import { useTranslation } from 'react-i18next';
import { Banner } from '@/components/Banner';
import { StateLink } from '@/components/EntityLink';
import { Icon, NamedIcon } from '@/components/Icon';
import { useAreas, useCall, useEntities, useEntityEntries, useEntityIdsByArea, useSession } from '@/data/hooks';
import { useMayControl } from '@/data/rights';
import type { Entity } from '@/data/types';
import { formatNumber } from '@/data/words';
import { asAction, useAction } from '@/lovelace/actions';
import type { CardModule } from '@/lovelace/host';
import { sourceOf } from '@/lovelace/images';
import { type CardConfig, text } from '@/lovelace/types';
import styles from './area.module.css';
import { type ControlKind, CONTROLS, factsOf, meanOf, namesIn, USUAL_ALERTS, USUAL_SENSORS } from './parts/areaFacts';
import { featuresOf } from './parts/levels';
import { Picture } from './parts/Picture';
import { ratioOf } from './parts/ratio';

export const form: CardModule['form'] = [
  { name: 'area', selector: { area: {} }, required: true },
  { name: 'name', selector: { text: {} } },
  { name: 'display_type', selector: (_config, _session, t) => ({ select: { options: ['picture', 'camera', 'icon', 'compact'].map((value) => ({ value, label: t(`displays.${value}`) })) } }) },
  {
    name: 'features',
    selector: (_config, _session, t) => ({ select: { multiple: true, options: CONTROLS.map((value) => ({ value, label: t(`controls.${value}`) })) } }),
    read: controlsOf,
    write: (value) => [{ type: 'area-controls', controls: value }],
  },
  { name: 'aspect_ratio', selector: { text: {} } },
  { name: 'navigation_path', selector: { text: {} } },
];
export const stub: CardModule['stub'] = ({ registries }) => ({ area: registries.areas.get().keys().next().value ?? '' });

/** Which controls a card offers; nothing said: all that the area has. */
function controlsOf(features: unknown): readonly string[] {
  const found = featuresOf(features).find((each) => each.type === 'area-controls');
  return found ? (namesIn(found.controls) ?? CONTROLS) : CONTROLS;
}

const ICONS: Record<ControlKind, string> = { light: mdiLightbulbGroup, switch: mdiToggleSwitchVariant, fan: mdiFan };
const ALERT_ICONS: Record<string, string> = { motion: mdiMotionSensor, occupancy: mdiMotionSensor, moisture: mdiWaterAlert, smoke: mdiSmokeDetectorVariant, gas: mdiSmokeDetectorVariant, carbon_monoxide: mdiSmokeDetectorVariant };
/** Moving about is no alarm. */
const CALM = new Set(['motion', 'occupancy', 'presence']);
const PATIENCE_MS = 4000;

function Group({ kind, entities, area }: { kind: ControlKind; entities: readonly Entity[]; area: string }) {
  const { t } = useTranslation('cards');
  const call = useCall();
  const mayControl = useMayControl();
  const [asked, setAsked] = useState<{ on: boolean; from: string } | null>(null);
  const now = entities.map((entity) => entity.state).join();
  const lit = entities.filter((entity) => entity.state === 'on').length;
  const on = asked?.from === now ? asked.on : lit > 0;
  const ready = entities.filter((entity) => entity.state !== 'unavailable').map((entity) => entity.entity_id);
  const press = () => {
    setAsked({ on: !on, from: now });
    setTimeout(() => setAsked(null), PATIENCE_MS);
    void call(kind, on ? 'turn_off' : 'turn_on', {}, { entity_id: ready }).then((worked) => !worked && setAsked(null));
  };
  const label = t('area.group', { kind: t(`controls.${kind}`), area, on: asked?.from === now ? (on ? entities.length : 0) : lit, all: entities.length });
  return (
    <button type="button" className={`${styles.group} ${on ? styles.on : ''}`} aria-pressed={on} aria-label={label} title={label} disabled={ready.length === 0 || !mayControl} onClick={press}>
      <Icon path={ICONS[kind]} />
    </button>
  );
}

function useFacts(areaId: string) {
  const { entities } = useSession();
  const entries = useEntityEntries();
  const byArea = useEntityIdsByArea();
  return useMemo(() => factsOf(byArea.get(areaId) ?? [], entities.get, entries), [byArea, areaId, entities, entries]);
}

export default function AreaCard({ config }: { config: CardConfig }) {
  const { t, i18n } = useTranslation('cards');
  const act = useAction();
  const areaId = text(config.area) ?? '';
  const area = useAreas().get(areaId);
  const facts = useFacts(areaId);
  const sensorKinds = namesIn(config.sensor_classes) ?? USUAL_SENSORS;
  const alertKinds = namesIn(config.alert_classes) ?? USUAL_ALERTS;
  const kinds = CONTROLS.filter((kind) => controlsOf(config.features).includes(kind) && facts.controls[kind].length > 0);
  const sensorsOf = (kind: string) => {
    const own = kind === 'temperature' ? area?.temperature_entity_id : kind === 'humidity' ? area?.humidity_entity_id : null;
    return own ? [own] : (facts.sensors.get(kind) ?? []);
  };
  const watched = [...kinds.flatMap((kind) => facts.controls[kind]), ...sensorKinds.flatMap(sensorsOf), ...alertKinds.flatMap((kind) => facts.alerts.get(kind) ?? [])];
  const live = new Map(useEntities(watched).map((entity) => [entity.entity_id, entity]));
  const of = (list: readonly string[]) => list.flatMap((id) => live.get(id) ?? []);
  if (!area) return <Banner kind="warn" title={text(config.name) ?? areaId}>{t('area.gone')}</Banner>;

  const name = text(config.name) ?? area.name;
  const means = sensorKinds.flatMap((kind) => {
    const mean = meanOf(of(sensorsOf(kind)));
    return mean ? [{ kind, of: mean.of, text: `${formatNumber(mean.value, i18n.language, { max: 1 })}${mean.unit ? `\u00a0${mean.unit}` : ''}` }] : [];
  });
  // Of several that say the same: the one that said it last.
  const alerts = alertKinds.flatMap((kind) => {
    const [latest] = of(facts.alerts.get(kind) ?? []).filter((entity) => entity.state === 'on').sort((a, b) => b.lastChanged - a.lastChanged);
    return latest ? [{ kind, entityId: latest.entity_id }] : [];
  });
  const display = text(config.display_type) ?? (config.show_camera === true ? 'camera' : area.picture ? 'picture' : 'compact');
  const camera = display === 'camera' ? facts.cameras[0] : undefined;
  const source = camera ? ({ kind: 'camera', entityId: camera, live: config.camera_view === 'live' } as const) : display === 'picture' ? sourceOf(text(config.image) ?? area.picture, location.origin) : null;
  const ratio = ratioOf(config.aspect_ratio) ?? '16 / 9';
  const action = asAction(config.tap_action) ?? { action: 'navigate', navigation_path: text(config.navigation_path) ?? `/areas/${encodeURIComponent(areaId)}` };
  const face = source ? <Picture source={source} alt="" ratio={ratio} /> : display === 'icon' ? (
    <span className={styles.face} style={{ aspectRatio: ratio }}>
      <NamedIcon name={area.icon} fallback={mdiSofaOutline} size={56} />
    </span>
  ) : null;
  return (
    <div className={`${styles.card} ${face ? styles.faced : ''}`}>
      {face && <div className={styles.top}>{face}</div>}
      <div className={styles.line}>
        {!face && (
          <span className={styles.icon}>
            <NamedIcon name={area.icon} fallback={mdiSofaOutline} />
          </span>
        )}
        <div className={styles.words}>
          <button type="button" className={styles.open} onClick={() => act(action)}>
            {name}
          </button>
          {means.length > 0 && (
            <div className={styles.facts}>
              {means.map((mean, index) => (
                <Fragment key={mean.kind}>
                  {index > 0 && ' · '}
                  {mean.of.length === 1 ? <StateLink entityId={mean.of[0]!}>{mean.text}</StateLink> : mean.text}
                </Fragment>
              ))}
            </div>
          )}
        </div>
      </div>
      {alerts.length > 0 && (
        <ul className={styles.alerts}>
          {alerts.map(({ kind, entityId }) => (
            <li key={kind} className={CALM.has(kind) ? styles.calm : styles.alarm}>
              <StateLink entityId={entityId}>
                <Icon path={ALERT_ICONS[kind] ?? mdiAlertCircleOutline} size={18} />
                {t([`alerts.${kind}`, 'alerts.other'], { kind })}
              </StateLink>
            </li>
          ))}
        </ul>
      )}
      {kinds.length > 0 && (
        <div className={styles.groups}>
          {kinds.map((kind) => (
            <Group key={kind} kind={kind} entities={of(facts.controls[kind])} area={name} />
          ))}
        </div>
      )}
    </div>
  );
}
