import { mdiCheckCircleOutline, mdiPackageDown } from '@mdi/js';
import { useTranslation } from 'react-i18next';
import { Card, Chip, EmptyState, openMoreInfo, Skeleton } from '@/components';
import { type Entity, nameOf, useEntities, useEntitiesLoaded, useEntityIds } from '@/data';
import { ProgressBar, Row, Rows } from '../../parts/Rows';

const textOf = (entity: Entity, name: string): string => (typeof entity.attributes[name] === 'string' ? entity.attributes[name] : '');

/** Devices and programs that can be updated; one press shows what is new, and installs it. */
export default function Updates() {
  const { t } = useTranslation('settings');
  const loaded = useEntitiesLoaded();
  const all = useEntities(useEntityIds('update'));
  const waiting = all.filter((entity) => entity.state === 'on');
  const others = all.filter((entity) => entity.state !== 'on');
  if (!loaded) return <Skeleton height={180} radius="var(--radius)" />;
  const row = (entity: Entity) => {
    const [installed, latest] = [textOf(entity, 'installed_version'), textOf(entity, 'latest_version')];
    const percent = entity.attributes.update_percentage;
    const installing = entity.attributes.in_progress === true || typeof entity.attributes.in_progress === 'number';
    return (
      <Row
        key={entity.entity_id}
        icon={mdiPackageDown}
        title={nameOf(entity)}
        text={installing ? <ProgressBar label={t('updates.installing')} percent={typeof percent === 'number' ? percent : null} /> : latest && latest !== installed ? t('updates.fromTo', { installed, latest }) : installed}
        chips={
          <>
            {installing && <Chip tone="info">{t('updates.installing')}</Chip>}
            {textOf(entity, 'skipped_version') && <Chip>{t('updates.skipped')}</Chip>}
            {entity.state === 'unavailable' && <Chip tone="warn">{t('updates.away')}</Chip>}
          </>
        }
        onOpen={() => openMoreInfo(entity.entity_id)}
      />
    );
  };
  return (
    <>
      <Card title={waiting.length ? t('updates.waiting', { count: waiting.length }) : undefined}>
        {waiting.length ? <Rows label={t('sections.updates.title')}>{waiting.map(row)}</Rows> : <EmptyState icon={mdiCheckCircleOutline} title={t('updates.none')} text={t('updates.noneText')} />}
      </Card>
      {others.length > 0 && (
        <Card title={t('updates.others')}>
          <Rows label={t('updates.others')}>{others.map(row)}</Rows>
        </Card>
      )}
    </>
  );
}
