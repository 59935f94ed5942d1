/** One entity of a scene: the state it is brought to, and what goes with it. */

import { useMemo } from 'react';
import { mdiCameraOutline, mdiClose } from '@mdi/js';
import { useTranslation } from 'react-i18next';
import { Banner, ComboBox, EntityIcon, IconButton, SelectorField } from '@/components';
import { useEntity } from '@/data/hooks';
import { nameOf, useStateWords } from '@/data/words';
import { knownStates } from '../automations/editor/forms/knownStates';
import { keptValue, settingsOf, shownValue, type Wanted } from './scene';
import styles from './scenes.module.css';

interface Props {
  entityId: string;
  wanted: Wanted;
  onChange: (wanted: Wanted) => void;
  onCapture: () => void;
  onRemove: () => void;
}

export function SceneEntity({ entityId, wanted, onChange, onCapture, onRemove }: Props) {
  const { t } = useTranslation('scenes');
  const entity = useEntity(entityId);
  const words = useStateWords();
  const name = nameOf(entity, entityId);
  const options = useMemo(() => (entity ? knownStates([entity]).filter((state) => state !== 'unavailable' && state !== 'unknown').map((state) => ({ value: state, label: words(entity, state) })) : []), [entity, words]);
  // What a lamp that is off would be like is nobody's business.
  const settings = entity && wanted.state !== 'off' ? settingsOf(entity) : [];
  const set = (attribute: string, value: unknown) => {
    const { [attribute]: _old, ...rest } = wanted;
    const next = { ...rest, ...(value === undefined ? {} : { [attribute]: value }) } as Wanted;
    if (attribute === 'rgb_color') delete next.color_temp_kelvin;
    if (attribute === 'color_temp_kelvin') delete next.rgb_color;
    onChange(next);
  };
  return (
    <section className={styles.entity} aria-label={name}>
      <div className={styles.entityHead}>
        <EntityIcon entityId={entityId} />
        <strong>{name}</strong>
        <IconButton label={t('capture', { name })} icon={mdiCameraOutline} isDisabled={!entity} onPress={onCapture} />
        <IconButton label={t('remove', { name })} icon={mdiClose} onPress={onRemove} />
      </div>
      {!entity && <Banner kind="warn" title={t('entityGone', { id: entityId })}>{t('entityGoneText')}</Banner>}
      <div className={styles.settings}>
        <ComboBox label={t('state')} options={options} custom value={wanted.state} onChange={(state) => onChange({ ...wanted, state })} />
        {settings.map(({ setting, selector }) => (
          <SelectorField key={setting.attribute} label={t(`settings.${setting.name}`)} selector={selector} value={shownValue(setting, wanted[setting.attribute])} onChange={(value) => set(setting.attribute, keptValue(setting, value))} />
        ))}
      </div>
    </section>
  );
}
