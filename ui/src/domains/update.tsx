import { useState } from 'react';
import { mdiDownload, mdiOpenInNew, mdiSkipNext } from '@mdi/js';
import { useTranslation } from 'react-i18next';
import { Button } from '@/components/Button';
import { Checkbox } from '@/components/fields';
import { Icon } from '@/components/Icon';
import { Markdown } from '@/components/Markdown';
import { Skeleton } from '@/components/Skeleton';
import { useCommand } from '@/data/hooks';
import type { Entity } from '@/data/types';
import { has, numberOf, textOf, useControl } from './_controls/control';
import { Facts, Note, Row, Stack } from './_controls/parts';
import styles from './_controls/parts.module.css';

const INSTALL = 1;
const BACKUP = 8;
const NOTES = 16;

function Notes({ entity }: { entity: Entity }) {
  const { data, loading } = useCommand<string | null>(has(entity, NOTES) ? 'update/release_notes' : null, { entity_id: entity.entity_id });
  const summary = textOf(entity, 'release_summary');
  if (loading && data === undefined) return <Skeleton height={80} radius="var(--radius-m)" />;
  const text = data ?? summary;
  return text ? <Markdown text={text} /> : null;
}

export default function UpdateControls({ entity }: { entity: Entity }) {
  const { t } = useTranslation('domains');
  const { act, shown, gone } = useControl(entity);
  const [backup, setBackup] = useState(true);
  const installing = shown('installing', Boolean(entity.attributes.in_progress));
  const progress = numberOf(entity, 'update_percentage') ?? numberOf(entity, 'in_progress');
  const available = entity.state === 'on';
  const skipped = textOf(entity, 'skipped_version');
  const url = textOf(entity, 'release_url');
  return (
    <Stack>
      <Facts
        facts={[
          [t('update.title'), textOf(entity, 'title')],
          [t('update.installed'), textOf(entity, 'installed_version')],
          [t('update.latest'), textOf(entity, 'latest_version')],
          [t('update.skipped'), skipped],
        ]}
      />
      {installing && (
        <div role="progressbar" aria-label={t('update.installing')} aria-valuemin={0} aria-valuemax={100} {...(progress === null ? {} : { 'aria-valuenow': progress })}>
          <Note>{progress === null ? t('update.installing') : t('update.progress', { percent: Math.round(progress) })}</Note>
          <div className={styles.bar}>
            <span style={{ width: `${progress ?? 100}%` }} />
          </div>
        </div>
      )}
      {available && <Notes entity={entity} />}
      {available && has(entity, INSTALL) && has(entity, BACKUP) && !installing && <Checkbox label={t('update.backup')} value={backup} onChange={setBackup} disabled={gone} />}
      {available && !has(entity, INSTALL) && <Note>{t('update.byHand')}</Note>}
      <Row>
        {available && has(entity, INSTALL) && (
          <Button kind="primary" icon={mdiDownload} busy={installing} isDisabled={gone} onPress={() => void act('install', has(entity, BACKUP) && backup ? { backup: true } : {}, { installing: true })}>
            {t('update.install')}
          </Button>
        )}
        {available && !installing && entity.attributes.auto_update !== true && (
          <Button icon={mdiSkipNext} isDisabled={gone} onPress={() => void act('skip')}>
            {t('update.skip')}
          </Button>
        )}
        {skipped && <Button onPress={() => void act('clear_skipped')}>{t('update.unskip')}</Button>}
        {url && /^https?:/.test(url) && (
          <a className={styles.link} href={url} target="_blank" rel="noreferrer">
            {t('update.page')} <Icon path={mdiOpenInNew} size={16} />
          </a>
        )}
      </Row>
    </Stack>
  );
}
