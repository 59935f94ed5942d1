import { useState } from 'react';
import { mdiBatteryHigh, mdiDeleteOutline, mdiFire, mdiPencilOutline, mdiPowerPlugOutline, mdiPlus, mdiSolarPower, mdiTransmissionTower, mdiTransmissionTowerImport, mdiWater } from '@mdi/js';
import { useTranslation } from 'react-i18next';
import { toast } from '@/app/toasts';
import { Banner, Button, Card, ConfirmDialog, EmptyState, IconButton, PageHeader, SkeletonPage } from '@/components';
import { asApiError, formatNumber, useCommand, useHomeConfig, useSession, useUser } from '@/data';
import { NO_PREFS, type Prefs } from '../prefs';
import { ItemDialog } from './ItemDialog';
import { issuesOf, type Item, type ItemKind, itemsOf, KINDS, prefsOf, type Validation } from './items';
import styles from './Setup.module.css';
import { useStatistics } from './useStatistics';

const ICONS: Record<ItemKind, string> = { gridIn: mdiTransmissionTower, gridOut: mdiTransmissionTowerImport, solar: mdiSolarPower, battery: mdiBatteryHigh, gas: mdiFire, water: mdiWater, device: mdiPowerPlugOutline };

export default function SetupPage() {
  const { t } = useTranslation('energy');
  const user = useUser();
  const session = useSession();
  const kept = useCommand<Prefs>('energy/get_prefs');
  const [saved, setSaved] = useState<Prefs | null>(null);
  const prefs = saved ?? kept.data ?? (kept.error?.code === 'not_found' ? NO_PREFS : null);
  const validation = useCommand<Validation>(prefs ? 'energy/validate' : null, {});
  const statistics = useStatistics();
  const [editing, setEditing] = useState<{ item: Item; index: number | null } | null>(null);
  const [removing, setRemoving] = useState<number | null>(null);
  const items = prefs ? itemsOf(prefs) : [];

  const save = async (next: readonly Item[]): Promise<string | null> => {
    try {
      setSaved(await session.command<Prefs>('energy/save_prefs', { ...prefsOf(next, prefs ?? NO_PREFS) }));
      validation.reload();
      return null;
    } catch (error) {
      return asApiError(error).message;
    }
  };
  const remove = async () => {
    const before = items;
    const gone = removing;
    setRemoving(null);
    const problem = await save(items.filter((_item, index) => index !== gone));
    if (problem !== null) toast.error(problem);
    else toast.info(t('setup.removed'), { label: t('setup.undo'), run: () => void save(before).then((refused) => refused !== null && toast.error(refused)) });
  };

  if (!user.is_admin) return <EmptyState title={t('setup.forbidden')} text={t('empty.ask')} />;
  return (
    <>
      <PageHeader title={t('setup.title')} back="/energy" text={t('setup.text')} />
      {prefs === null ? (
        kept.error ? (
          <Banner kind="error" title={t('failed')} actions={<Button onPress={kept.reload}>{t('again')}</Button>}>
            {kept.error.message}
          </Banner>
        ) : (
          <SkeletonPage />
        )
      ) : (
        <div className={styles.cards}>
          {KINDS.map((kind) => (
            <Card
              key={kind}
              title={t(`setup.kind.${kind}.title`)}
              icon={ICONS[kind]}
              actions={
                <Button small icon={mdiPlus} aria-label={t(`setup.kind.${kind}.add`)} onPress={() => setEditing({ item: { kind, statistic: '' }, index: null })}>
                  {t('setup.add')}
                </Button>
              }
            >
              {items.some((item) => item.kind === kind) ? (
                <ul className={styles.items}>
                  {items.map((item, index) =>
                    item.kind === kind ? (
                      <ItemRow key={`${item.statistic} ${item.into ?? ''}`} item={item} name={item.name ?? statistics.name(item.statistic)} nameOf={statistics.name} validation={validation.data} onEdit={() => setEditing({ item, index })} onRemove={() => setRemoving(index)} />
                    ) : null,
                  )}
                </ul>
              ) : (
                <p className={styles.none}>{t(`setup.kind.${kind}.none`)}</p>
              )}
            </Card>
          ))}
        </div>
      )}
      {editing && (
        <ItemDialog
          item={editing.item}
          isNew={editing.index === null}
          others={items.filter((_item, index) => index !== editing.index)}
          statistics={statistics}
          onClose={() => setEditing(null)}
          onSave={(item) => save(editing.index === null ? [...items, item] : items.map((each, index) => (index === editing.index ? item : each)))}
        />
      )}
      <ConfirmDialog open={removing !== null} title={t('setup.removeTitle')} text={t('setup.removeText')} confirm={t('setup.remove')} danger onConfirm={() => void remove()} onClose={() => setRemoving(null)} />
    </>
  );
}

interface RowProps {
  item: Item;
  name: string;
  nameOf: (id: string) => string;
  validation: Validation | undefined;
  onEdit: () => void;
  onRemove: () => void;
}

const TOLD = new Set(['statistics_not_defined', 'recorder_untracked', 'entity_not_defined', 'entity_unavailable', 'entity_state_non_numeric', 'entity_negative_state', 'entity_unexpected_device_class', 'entity_unexpected_unit_energy', 'entity_unexpected_unit_gas', 'entity_unexpected_unit_water', 'entity_unexpected_unit_energy_price', 'entity_unexpected_unit_gas_price', 'entity_unexpected_unit_water_price', 'entity_unexpected_state_class', 'entity_state_class_measurement_no_last_reset']);

function ItemRow({ item, name, nameOf, validation, onEdit, onRemove }: RowProps) {
  const { t, i18n } = useTranslation('energy');
  const currency = useHomeConfig()?.currency ?? '';
  const issues = issuesOf(item, validation);
  const { pricing } = item;
  const price = pricing?.by === 'number' ? t('setup.priced', { price: `${formatNumber(Number(pricing.value), i18n.language, { max: 6 })} ${currency}` }) : pricing && 'id' in pricing ? t('setup.pricedBy', { name: nameOf(pricing.id) }) : '';
  return (
    <li className={styles.item}>
      <div className={styles.what}>
        <strong>{name}</strong>
        <span className={styles.more}>{[item.into && t('setup.charges', { name: nameOf(item.into) }), price, item.partOf && t('consumers.partOf', { name: nameOf(item.partOf) }), item.statistic].filter(Boolean).join(' · ')}</span>
        {issues.map((issue) => (
          <span key={`${issue.type} ${issue.id}`} className={styles.issue}>
            {TOLD.has(issue.type) ? t(`setup.issue.${issue.type}`, { name: nameOf(issue.id), detail: issue.detail }) : `${issue.type}: ${issue.id} ${issue.detail}`}
          </span>
        ))}
      </div>
      <IconButton label={t('setup.edit', { name })} icon={mdiPencilOutline} onPress={onEdit} />
      <IconButton label={t('setup.removeOne', { name })} icon={mdiDeleteOutline} onPress={onRemove} />
    </li>
  );
}
