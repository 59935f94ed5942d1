import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Banner, Button, ComboBox, Dialog, EntityPicker, NumberField, Select, TextField } from '@/components';
import { useConnected, useHomeConfig } from '@/data';
import styles from './Setup.module.css';
import { type Item, mistakeIn, PRICED, type Pricing } from './items';
import type { UnitClass, useStatistics } from './useStatistics';

interface Props {
  item: Item;
  isNew: boolean;
  others: readonly Item[];
  statistics: ReturnType<typeof useStatistics>;
  onClose: () => void;
  /** Fails with what the server says. */
  onSave: (item: Item) => Promise<string | null>;
}

const CLASSES: Record<Item['kind'], readonly UnitClass[]> = { gridIn: ['energy'], gridOut: ['energy'], solar: ['energy'], battery: ['energy'], gas: ['energy', 'volume'], water: ['volume'], device: ['energy'] };

export function ItemDialog({ item: given, isNew, others, statistics, onClose, onSave }: Props) {
  const { t } = useTranslation('energy');
  const connected = useConnected();
  const [item, setItem] = useState(given);
  const [tried, setTried] = useState(false);
  const [busy, setBusy] = useState(false);
  const [refused, setRefused] = useState<string | null>(null);
  const mistake = mistakeIn(item, others);
  const say = (of: string) => (tried && mistake === of ? t(`setup.mistake.${of}`) : null);
  const options = statistics.options(CLASSES[item.kind]);
  const save = async () => {
    setTried(true);
    if (mistake) return;
    setBusy(true);
    const problem = await onSave(item);
    setBusy(false);
    setRefused(problem);
    if (problem === null) onClose();
  };
  return (
    <Dialog
      open
      onClose={onClose}
      dismissable={false}
      title={t(`setup.kind.${item.kind}.${isNew ? 'add' : 'edit'}`)}
      footer={
        <>
          <Button onPress={onClose}>{t('setup.cancel')}</Button>
          <Button kind="primary" busy={busy} isDisabled={!connected} onPress={() => void save()}>
            {t('setup.save')}
          </Button>
        </>
      }
    >
      <div className={styles.form}>
        <p className={styles.about}>{t(`setup.kind.${item.kind}.text`)}</p>
        {refused && <Banner kind="error" title={t('setup.refused')}>{refused}</Banner>}
        {!statistics.loading && options.length === 0 && <Banner kind="info">{t('setup.noStatistics')}</Banner>}
        <ComboBox label={t(item.kind === 'battery' ? 'setup.batteryOut' : 'setup.statistic')} options={options} value={item.statistic || null} onChange={(statistic) => setItem({ ...item, statistic })} error={say('twice') ?? say('same') ?? (item.statistic ? null : say('missing'))} required />
        {item.kind === 'battery' && <ComboBox label={t('setup.batteryIn')} options={options} value={item.into ?? null} onChange={(into) => setItem({ ...item, into })} error={item.into ? null : say('missing')} required />}
        {PRICED.has(item.kind) && <PriceFields item={item} statistics={statistics} error={say('noPrice')} onChange={(pricing) => setItem({ ...item, pricing })} />}
        {item.kind === 'device' && (
          <>
            <TextField label={t('setup.name')} hint={t('setup.nameHint')} value={item.name ?? ''} onChange={(name) => setItem({ ...item, name })} />
            <Select
              label={t('setup.partOf')}
              hint={t('setup.partOfHint')}
              options={[{ value: '', label: t('setup.partOfNone') }, ...others.filter((other) => other.kind === 'device' && other.statistic !== item.statistic).map((other) => ({ value: other.statistic, label: other.name ?? statistics.name(other.statistic) }))]}
              value={item.partOf ?? ''}
              onChange={(partOf) => setItem({ ...item, partOf })}
            />
          </>
        )}
      </div>
    </Dialog>
  );
}

function PriceFields({ item, statistics, error, onChange }: { item: Item; statistics: Props['statistics']; error: string | null; onChange: (pricing: Pricing) => void }) {
  const { t } = useTranslation('energy');
  const currency = useHomeConfig()?.currency ?? '';
  const pricing = item.pricing ?? { by: 'none' };
  const earns = item.kind === 'gridOut';
  const choose = (by: string) => {
    if (by === 'number') onChange({ by, value: null });
    else if (by === 'entity' || by === 'statistic') onChange({ by, id: '' });
    else onChange({ by: 'none' });
  };
  return (
    <>
      <Select
        label={t(earns ? 'setup.pay' : 'setup.price')}
        options={(['none', 'number', 'entity', 'statistic'] as const).map((by) => ({ value: by, label: t(`setup.priceBy.${by}`) }))}
        value={pricing.by}
        onChange={choose}
      />
      {pricing.by === 'number' && <NumberField label={t('setup.amount')} value={pricing.value} onChange={(value) => onChange({ by: 'number', value })} step={0.0001} unit={`${currency}/${item.kind === 'water' || item.kind === 'gas' ? 'm³' : 'kWh'}`} error={error} required />}
      {pricing.by === 'entity' && <EntityPicker label={t('setup.priceEntity')} filter={{ domains: ['sensor', 'number', 'input_number'] }} value={pricing.id || null} onChange={(id) => onChange({ by: 'entity', id })} error={error} required />}
      {pricing.by === 'statistic' && <ComboBox label={t('setup.costStatistic')} options={statistics.options(['money'])} value={pricing.id || null} onChange={(id) => onChange({ by: 'statistic', id })} error={error} required />}
    </>
  );
}
