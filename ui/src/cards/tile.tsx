/** One entity as a tile: a press on its icon switches it, a press beside it opens its dialog. */

import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { EntityIcon, StateText } from '@/components/entity';
import { Icon, NamedIcon } from '@/components/Icon';
import { useEntity } from '@/data/hooks';
import { domainOf, formatNumber, isActive, isGone, nameOf } from '@/data/words';
import { asAction, canToggle, useAction, useToggle } from '@/lovelace/actions';
import type { CardModule } from '@/lovelace/host';
import { type CardConfig, text } from '@/lovelace/types';
import { mdiBookmarkOutline, mdiHelpCircleOutline } from '@mdi/js';
import { LevelFeature } from './parts/LevelFeature';
import { LEVELS, featuresOf, fitting, usual, withTypes } from './parts/levels';
import styles from './tile.module.css';

export const form: CardModule['form'] = [
  { name: 'entity', selector: { entity: {} }, required: true },
  { name: 'name', selector: { text: {} } },
  { name: 'icon', selector: { icon: {} } },
  { name: 'vertical', selector: { boolean: {} } },
  {
    name: 'features',
    selector: ({ entity }, session, t) => {
      const found = session.entities.get(text(entity) ?? '');
      const types = found ? fitting(found) : [];
      return types.length ? { select: { multiple: true, options: types.map((value) => ({ value, label: t(`features.${value}`) })) } } : null;
    },
    read: (value) => featuresOf(value).flatMap(({ type }) => (LEVELS.has(type) ? [type] : [])),
    write: (value, before) => withTypes(before, value as string[]),
  },
  { name: 'tap_action', selector: { object: {} } },
];
export const stub: CardModule['stub'] = ({ entities }) => {
  const entity = entities.idsOf('light')[0] ?? entities.ids()[0] ?? '';
  const found = entities.get(entity);
  const type = found && usual(found);
  return { entity, ...(type ? { features: [{ type }] } : {}) };
};

/** What the icon shows as: a switch where one can see whether it is on, a button where one presses. */
const ONE_WAY = new Set(['scene', 'script', 'button', 'input_button']);
const PATIENCE_MS = 4000;

export default function TileCard({ config }: { config: CardConfig }) {
  const { t, i18n } = useTranslation('cards');
  const entityId = text(config.entity) ?? '';
  const entity = useEntity(entityId);
  const act = useAction();
  const toggle = useToggle();
  const [asked, setAsked] = useState<{ value: boolean; from: typeof entity } | null>(null);
  const name = text(config.name) ?? nameOf(entity, entityId);
  const isOn = asked && asked.from === entity ? asked.value : isActive(entity);
  const domain = domainOf(entityId);
  const iconAction = asAction(config.icon_tap_action);
  const features = featuresOf(config.features).filter(({ type }) => entity && LEVELS.get(type)?.fits(entity));

  const icon = text(config.icon) ? (
    <span className={`${styles.own} ${isOn ? styles.ownOn : ''}`}>
      <NamedIcon name={text(config.icon)} fallback={mdiBookmarkOutline} />
    </span>
  ) : (
    <EntityIcon entityId={entityId} />
  );
  if (!entity) {
    return (
      <div className={styles.tile}>
        <span className={styles.own}>
          <Icon path={mdiHelpCircleOutline} />
        </span>
        <span className={styles.words}>
          <span className={styles.name}>{name}</span>
          <span className={styles.state}>{t('gone')}</span>
        </span>
      </div>
    );
  }
  const press = () => {
    if (iconAction) return act(iconAction, entityId);
    const wish = { value: !isOn, from: entity };
    const forget = () => setAsked((now) => (now === wish ? null : now));
    setAsked(wish);
    setTimeout(forget, PATIENCE_MS);
    void toggle(entityId, wish.value).then((worked) => !worked && forget());
  };
  const switchable = canToggle(entityId) && entity.state !== 'unavailable';
  return (
    <div className={`${styles.tile} ${isOn && !isGone(entity) ? styles.on : ''} ${config.vertical ? styles.vertical : ''}`} data-domain={domain}>
      {switchable ? (
        <button
          type="button"
          className={styles.icon}
          onClick={press}
          {...(ONE_WAY.has(domain) ? { 'aria-label': t('press', { name }) } : { role: 'switch', 'aria-checked': isOn, 'aria-label': name })}
        >
          {icon}
        </button>
      ) : (
        <span className={styles.icon}>{icon}</span>
      )}
      <button type="button" className={styles.body} onClick={() => act(asAction(config.tap_action) ?? { action: 'more-info' }, entityId)}>
        <span className={styles.words}>
          <span className={styles.name}>{name}</span>
          {!config.hide_state && (
            <span className={styles.state}>
              <StateText entityId={entityId} />
              {domain === 'light' && entity.state === 'on' && typeof entity.attributes.brightness === 'number' && ` · ${Math.round((entity.attributes.brightness / 255) * 100)} %`}
              {domain === 'climate' && entity.attributes.current_temperature != null && ` · ${typeof entity.attributes.current_temperature === 'number' ? formatNumber(entity.attributes.current_temperature, i18n.language) : String(entity.attributes.current_temperature)}°`}
            </span>
          )}
        </span>
      </button>
      {features.length > 0 && (
        <div className={styles.features}>
          {features.map(({ type }) => (
            <LevelFeature key={type} entity={entity} type={type} />
          ))}
        </div>
      )}
    </div>
  );
}
