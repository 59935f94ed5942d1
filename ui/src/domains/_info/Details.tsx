/** The tab of everything else that is known: ids, attributes, what it belongs to and what names it. */

import { mdiContentCopy } from '@mdi/js';
import { useTranslation } from 'react-i18next';
import { toast } from '@/app/toasts';
import { Button } from '@/components/Button';
import { useAreaOf, useDevices, deviceName, useEntityEntry } from '@/data/hooks';
import type { Entity } from '@/data/types';
import { formatTime, useAttributeWords, useTitles } from '@/data/words';
import styles from './Details.module.css';
import { Related } from './Related';

/** Not for eyes: whoever has it sees the picture. */
const SECRET = new Set(['access_token']);

export default function Details({ entity }: { entity: Entity }) {
  const { t, i18n } = useTranslation('domains');
  const words = useAttributeWords();
  const title = useTitles();
  const entry = useEntityEntry(entity.entity_id);
  const area = useAreaOf(entity.entity_id);
  const devices = useDevices();
  const device = entry?.device_id ? devices.get(entry.device_id) : undefined;
  const facts: [string, string | undefined][] = [
    [t('info.id'), entity.entity_id],
    [t('info.state'), entity.state],
    [t('info.area'), area?.name],
    [t('info.device'), device && deviceName(device)],
    [t('info.integration'), entry && title(entry.platform)],
    [t('info.changed'), formatTime(entity.lastChanged, i18n.language, 'seconds')],
    [t('info.updated'), formatTime(entity.lastUpdated, i18n.language, 'seconds')],
  ];
  const attributes = Object.keys(entity.attributes).filter((each) => !SECRET.has(each));
  const copy = () => {
    const { entity_id, state, attributes: values } = entity;
    navigator.clipboard.writeText(JSON.stringify({ entity_id, state, attributes: values }, null, 2)).then(
      () => toast.ok(t('info.copied')),
      () => toast.error(t('info.notCopied')),
    );
  };
  return (
    <div className={styles.stack}>
      <dl className={styles.list}>
        {facts
          .filter(([, value]) => value)
          .map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
      </dl>
      <section className={styles.group}>
        <div className={styles.head}>
          <h3>{t('info.attributes')}</h3>
          <Button small kind="ghost" icon={mdiContentCopy} onPress={copy}>
            {t('info.copy')}
          </Button>
        </div>
        <dl className={styles.list}>
          {attributes.map((each) => (
            <div key={each}>
              <dt>{words.name(entity, each)}</dt>
              <dd>{words.value(entity, each)}</dd>
            </div>
          ))}
        </dl>
      </section>
      <Related entityId={entity.entity_id} deviceId={entry?.device_id ?? null} />
    </div>
  );
}
